namespace Lava.Service.Ledger.Leases;

/// <summary>For how long an instance may trust a lease, by its wall clock and by its monotonic clock, whichever ends first: a wall clock can be set, and a
/// monotonic one stands still while a machine sleeps.</summary>
/// <param name="Began">The wall clock before the store was asked.</param>
/// <param name="Timestamp">The monotonic clock before the store was asked.</param>
internal readonly record struct LeaseTerm(DateTimeOffset Began, long Timestamp)
{
    /// <summary>A term that begins now.</summary>
    public static LeaseTerm Begin(TimeProvider time) => new(time.GetUtcNow(), time.GetTimestamp());

    /// <summary>Whether less than <paramref name="length"/> of it is over.</summary>
    public bool IsWithin(TimeSpan length, TimeProvider time)
    {
        var age = time.GetUtcNow() - Began;
        return age < length && age > -length && time.GetElapsedTime(Timestamp) < length;
    }
}
