namespace Lava.Service.Reporting.Requests;

/// <summary>The claim on a request id that a merchant chose: made before anything is charged, so that a repeat finds the same call.</summary>
/// <param name="Call">The call's ULID.</param>
/// <param name="ContentHash">Hash of what was reported under the id.</param>
internal sealed record RequestClaim(string Call, string ContentHash);
