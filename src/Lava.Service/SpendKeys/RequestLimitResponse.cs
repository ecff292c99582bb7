namespace Lava.Service.SpendKeys;

/// <summary>A request limit on the wire.</summary>
public sealed record RequestLimitResponse(int Count, string Cycle);
