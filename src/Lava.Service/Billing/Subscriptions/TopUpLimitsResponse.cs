namespace Lava.Service.Billing.Subscriptions;

/// <summary>The most that automatic purchases may take (our own addition).</summary>
/// <param name="Day">US dollars a day, in UTC; null for the server's rule.</param>
/// <param name="Cycle">US dollars a billing cycle; null for the server's rule.</param>
internal sealed record TopUpLimitsResponse(string? Day, string? Cycle);
