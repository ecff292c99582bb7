namespace Lava.Service.Sandbox.Strictness;

/// <summary>What a provider refuses a request with.</summary>
/// <param name="Message">Its words, which name the field.</param>
/// <param name="Field">The field, where the format has a member for it (OpenAI's <c>param</c>); null otherwise.</param>
/// <param name="Code">OpenAI's code; null for none.</param>
/// <param name="Status">HTTP status.</param>
internal sealed record SandboxRefusal(string Message, string? Field = null, string? Code = null, int Status = 400);
