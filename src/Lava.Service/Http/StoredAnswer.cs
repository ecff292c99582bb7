namespace Lava.Service.Http;

/// <summary>The first answer to an idempotent request.</summary>
/// <param name="At">When the request came.</param>
/// <param name="BodyHash">SHA-256 of its body, hex.</param>
/// <param name="Status">The answer's status; 0 while it is being made.</param>
/// <param name="Sealed">The answer's body, sealed with the credential that asked for it: an answer may hold a secret that is shown once and stored nowhere.</param>
internal sealed record StoredAnswer(DateTimeOffset At, string BodyHash, int Status, byte[]? Sealed);
