namespace Lava.Core.Ledger;

/// <summary>A part of a budget that one instance may spend without asking the store. It covers what the instance has free, what its calls in flight hold,
/// and what they have spent and metering has not booked yet.</summary>
/// <param name="Amount">US dollars or credits, never negative.</param>
/// <param name="Until">Until when the instance may spend of it without renewing it. After that others may ask for it to be fenced off; until they have, nothing
/// of it is free.</param>
public sealed record Lease(decimal Amount, DateTimeOffset Until);
