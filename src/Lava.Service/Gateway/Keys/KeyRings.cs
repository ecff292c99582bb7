using System.Collections.Concurrent;

namespace Lava.Service.Gateway.Keys;

/// <summary>Rings of keys by the name under which they are kept elsewhere, in memory for a minute. A ring outlives that minute where its keys are the same, so
/// that whoever rests goes on resting; the keys that nobody asks for any more leave the memory.</summary>
internal sealed class KeyRings(TimeProvider time)
{
    private static readonly TimeSpan KeepTime = TimeSpan.FromMinutes(1);

    /// <summary>How long a ring that is out of date waits to be read again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, (KeyRing? Ring, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);
    private long _nextSweep;

    /// <summary>The ring of a name, null where there are no keys; false where that must be read.</summary>
    public bool TryGet(string name, out KeyRing? ring)
    {
        var isKnown = _known.TryGetValue(name, out var known) && known.Until > time.GetUtcNow();
        ring = isKnown ? known.Ring : null;
        return isKnown;
    }

    /// <summary>Keeps what was read.</summary>
    /// <param name="name">The name.</param>
    /// <param name="keys">The keys that are kept under it; none is an answer too.</param>
    /// <returns>Their ring; null where there are none.</returns>
    public KeyRing? Set(string name, IReadOnlyList<string> keys)
    {
        var now = time.GetUtcNow();
        Sweep(now);
        var before = _known.GetValueOrDefault(name).Ring;
        var ring = keys.Count == 0 ? null : before?.Holds(keys) == true ? before : new KeyRing(keys, time);
        if (ring is not null && before is not null && ring != before) ring.RestAs(before);
        _known[name] = (ring, now + KeepTime);
        return ring;
    }

    /// <summary>Drops a name's keys.</summary>
    public void Remove(string name) => _known.TryRemove(name, out _);

    private void Sweep(DateTimeOffset now)
    {
        var next = Interlocked.Read(ref _nextSweep);
        if (now.Ticks < next || Interlocked.CompareExchange(ref _nextSweep, (now + KeepTime).Ticks, next) != next) return;
        foreach (var known in _known)
        {
            if (known.Value.Until + Patience < now) _known.TryRemove(known);
        }
    }
}
