namespace Lava.Service.Accounts.SpendKeys;

/// <summary>A money limit on the wire.</summary>
internal sealed record SpendLimitResponse(string Amount, string Cycle);
