namespace Lava.Service.Ledger.Leases;

/// <summary>How an instance's lease changes.</summary>
/// <param name="Granted">What it gets from the budget.</param>
/// <param name="Returned">What it gives back unused.</param>
/// <param name="Used">What it has used up, where no usage record tells.</param>
/// <param name="UsedAt">When it last used any of that.</param>
internal readonly record struct LeaseMove(decimal Granted = 0, decimal Returned = 0, decimal Used = 0, DateTimeOffset UsedAt = default);
