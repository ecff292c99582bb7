namespace Lava.Service.Accounts.SpendKeys;

/// <summary>Most calls in a short time.</summary>
/// <param name="Rpm">Calls a minute.</param>
/// <param name="Burst">Calls at once; null for a minute's worth.</param>
public sealed record RateLimit(int Rpm, int? Burst);
