namespace Lava.Service.Api.Idempotency;

/// <summary>The first answer to an idempotent request.</summary>
/// <param name="At">When the request came.</param>
/// <param name="BodyHash">SHA-256 of its body, hex.</param>
/// <param name="Status">The answer's status; 0 while it is being made.</param>
/// <param name="Sealed">The answer's body, sealed with the credential that asked for it: an answer may hold a secret that is shown once and stored
/// nowhere.</param>
/// <param name="Until">While it is being made: until when the instance that makes it is taken to be alive, unless it says so again.</param>
internal sealed record StoredAnswer(DateTimeOffset At, string BodyHash, int Status, byte[]? Sealed, DateTimeOffset? Until = null);
