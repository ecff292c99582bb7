namespace Lava.Service.Credentials;

/// <summary>Why and since when a merchant's calls are refused.</summary>
/// <param name="At">Since when.</param>
/// <param name="Reason">Why, in the operator's words.</param>
public sealed record Suspension(DateTimeOffset At, string Reason);
