namespace Lava.Core.Translation.Conversations;

/// <summary>An error as a provider tells it.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Message">Its message.</param>
/// <param name="Type">Its type in the provider's words; null where it gives none.</param>
/// <param name="Code">Its code; null where it gives none.</param>
internal sealed record ProviderError(int Status, string Message, string? Type = null, string? Code = null);
