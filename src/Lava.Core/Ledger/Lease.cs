namespace Lava.Core.Ledger;

/// <summary>A part of a budget that one instance may spend without asking the store. It covers what the instance has free, what its calls in flight hold,
/// and what they have spent and metering has not booked yet.</summary>
/// <param name="Amount">US dollars or credits, never negative.</param>
/// <param name="Until">When it runs out unless renewed: the budget of an instance that died is free again then.</param>
public sealed record Lease(decimal Amount, DateTimeOffset Until);
