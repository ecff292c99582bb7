namespace Lava.Service.Ledger.Leases;

/// <summary>Asks that a lease end for good. It travels through the queue of usage records, behind every record that the lease's holder has made durable: when
/// it arrives they are booked, and what the lease still holds is free.</summary>
/// <param name="Book">The book's partition.</param>
/// <param name="Lease">The lease's id.</param>
/// <param name="Until">The end of the lease as it was seen: one that was renewed since stays. Null from the holder itself, which makes no more records for
/// it.</param>
internal sealed record LeaseFence(string Book, string Lease, DateTimeOffset? Until);
