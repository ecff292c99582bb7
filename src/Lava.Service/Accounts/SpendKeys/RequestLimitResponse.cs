namespace Lava.Service.Accounts.SpendKeys;

/// <summary>A request limit on the wire.</summary>
public sealed record RequestLimitResponse(int Count, string Cycle);
