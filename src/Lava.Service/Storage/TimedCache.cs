using System.Collections.Concurrent;

namespace Lava.Service.Storage;

/// <summary>Answers of the store, kept in memory for a few seconds, the answer that there is nothing included. Bounded.</summary>
internal sealed class TimedCache<TKey, TValue>(TimeProvider time, TimeSpan keepTime, int most)
    where TKey : notnull
    where TValue : class
{
    private readonly ConcurrentDictionary<TKey, (TValue? Value, long Until)> _kept = new();
    private readonly long _keepTicks = (long)(keepTime.TotalSeconds * time.TimestampFrequency);

    public bool TryGet(TKey key, out TValue? value)
    {
        var isKnown = _kept.TryGetValue(key, out var kept) && kept.Until > time.GetTimestamp();
        value = isKnown ? kept.Value : null;
        return isKnown;
    }

    public void Set(TKey key, TValue? value)
    {
        // All at once is crude and cheap; what is in use comes back with one read each.
        if (_kept.Count >= most) _kept.Clear();
        _kept[key] = (value, time.GetTimestamp() + _keepTicks);
    }

    public void Remove(TKey key) => _kept.TryRemove(key, out _);
}
