namespace Lava.Service.Hosting.SystemState;

/// <summary>Whether a provider answers.</summary>
/// <param name="Provider">Its id.</param>
/// <param name="Label">Its name.</param>
/// <param name="HasKey">Whether the operator has a key for it.</param>
/// <param name="Status"><c>ready</c>, or <c>paused</c> while this instance leaves it alone because it keeps failing.</param>
internal sealed record ProviderHealth(string Provider, string Label, bool HasKey, string Status);
