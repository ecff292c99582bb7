namespace Lava.Service.SpendKeys;

/// <summary>A money limit on the wire.</summary>
public sealed record SpendLimitResponse(string Amount, string Cycle);
