namespace Lava.Service.Accounts.SpendKeys;

/// <summary>A request limit on the wire.</summary>
internal sealed record RequestLimitResponse(int Count, string Cycle);
