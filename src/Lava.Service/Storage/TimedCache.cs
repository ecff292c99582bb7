using System.Collections.Concurrent;

namespace Lava.Service.Storage;

/// <summary>Answers of the store, kept in memory for a few seconds, the answer that there is nothing included. Bounded. What is removed stays removed: an
/// answer that was asked for before the removal is not kept, however late it comes.</summary>
internal sealed class TimedCache<TKey, TValue>(TimeProvider time, TimeSpan keepTime, int most)
    where TKey : notnull
    where TValue : class
{
    private readonly ConcurrentDictionary<TKey, (TValue? Value, long Until)> _kept = new();
    private readonly long _keepTicks = (long)(keepTime.TotalSeconds * time.TimestampFrequency);
    private long _removals;
    private int _count;

    /// <summary>What to take before asking the store, for <see cref="Set"/>.</summary>
    public long Mark => Interlocked.Read(ref _removals);

    public bool TryGet(TKey key, out TValue? value)
    {
        var isKnown = _kept.TryGetValue(key, out var kept) && kept.Until > time.GetTimestamp();
        value = isKnown ? kept.Value : null;
        return isKnown;
    }

    /// <summary>Keeps an answer of the store, unless something was removed since <paramref name="mark"/> was taken: then it may be older than the
    /// removal.</summary>
    public void Set(TKey key, TValue? value, long mark)
    {
        // All at once is crude and cheap; what is in use comes back with one read each. Counted here, since the dictionary's own count takes every lock.
        if (Interlocked.Increment(ref _count) > most)
        {
            Volatile.Write(ref _count, 1);
            _kept.Clear();
        }

        _kept[key] = (value, time.GetTimestamp() + _keepTicks);

        // Looked at after the write: a removal that comes later finds what was written, one that came earlier is seen here.
        if (Mark != mark) _kept.TryRemove(key, out _);
    }

    public void Remove(TKey key)
    {
        Interlocked.Increment(ref _removals);
        _kept.TryRemove(key, out _);
    }
}
