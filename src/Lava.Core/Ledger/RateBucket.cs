namespace Lava.Core.Ledger;

/// <summary>A token bucket that instances lease tokens from (behaviour.md §4, rate_limit). What is in it and what is leased never come to more than its
/// capacity, and it fills no faster than its rate, so that in any stretch of time no more calls are let in than the capacity and what has flowed in, however
/// many instances there are and whichever die: the tokens of a lease that has run out count as used.</summary>
/// <param name="Tokens">What was in it, leases not included; never negative.</param>
/// <param name="At">When.</param>
/// <param name="Leases">What instances hold, by instance id.</param>
public sealed record RateBucket(decimal Tokens, DateTimeOffset At, IReadOnlyDictionary<string, Lease> Leases)
{
    /// <summary>A full bucket that nobody has taken from.</summary>
    public static RateBucket Full(decimal capacity, DateTimeOffset now) => new(capacity, now, new Dictionary<string, Lease>());

    /// <summary>The bucket at a later time.</summary>
    /// <param name="perMinute">Tokens that flow in each minute.</param>
    /// <param name="capacity">Most tokens, leased ones included.</param>
    /// <param name="now">The time; an earlier one than the bucket's changes nothing, since clocks of instances differ a little.</param>
    public RateBucket Fill(decimal perMinute, decimal capacity, DateTimeOffset now)
    {
        var bucket = this;
        foreach (var (id, lease) in Leases.Where(lease => lease.Value.Until <= now).OrderBy(lease => lease.Value.Until))
        {
            // Up to its end it took room in the bucket.
            bucket = bucket.Flow(perMinute, capacity, lease.Until);
            bucket = bucket with { Leases = bucket.Leases.Where(other => other.Key != id).ToDictionary() };
        }

        return bucket.Flow(perMinute, capacity, now);
    }

    /// <summary>The bucket after an instance's lease has changed. A lease that is used up is removed.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="granted">Tokens that it takes from the bucket, or gives back where negative.</param>
    /// <param name="used">Tokens of its lease that it has used.</param>
    /// <param name="until">Until when the lease runs; null for as before.</param>
    public RateBucket Change(string instance, decimal granted, decimal used, DateTimeOffset? until)
    {
        var own = Leases.GetValueOrDefault(instance);

        // What a lease that is gone had free is gone with it.
        if (own is null) (granted, used) = (Math.Max(0, granted), 0);
        var amount = Math.Max(0, (own?.Amount ?? 0) + granted - used);
        var leases = new Dictionary<string, Lease>(Leases);
        if (amount > 0 && (until ?? own?.Until) is { } end) leases[instance] = new Lease(amount, end);
        else leases.Remove(instance);
        return this with { Tokens = Tokens - granted, Leases = leases };
    }

    private RateBucket Flow(decimal perMinute, decimal capacity, DateTimeOffset to)
    {
        var room = capacity - Leases.Values.Sum(lease => lease.Amount);
        var flown = to > At ? (decimal)(to - At).Ticks / TimeSpan.TicksPerMinute * perMinute : 0;

        // Twelve decimals are a millionth of a call in a year.
        return this with { Tokens = Math.Round(Math.Max(0, Math.Min(room, Tokens + flown)), 12, MidpointRounding.ToZero), At = to > At ? to : At };
    }
}
