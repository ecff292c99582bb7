using System.Collections.Concurrent;

namespace Lava.Service.ProviderKeys;

/// <summary>The keys that one owner has at one provider: they take turns, and one that the provider slows down rests. It is asked from many calls at once.</summary>
/// <param name="keys">The keys, at least one.</param>
/// <param name="time">Tells how long a key has rested.</param>
public sealed class KeyRing(IReadOnlyList<string> keys, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _resting = new(StringComparer.Ordinal);
    private int _turn;

    /// <summary>The key whose turn it is; one that rests is passed over, unless all do.</summary>
    public string Next()
    {
        if (keys.Count == 1) return keys[0];
        var first = (int)((uint)Interlocked.Increment(ref _turn) % (uint)keys.Count);
        for (var i = 0; i < keys.Count; i++)
        {
            var key = keys[(first + i) % keys.Count];
            if (!IsResting(key)) return key;
        }

        return keys[first];
    }

    /// <summary>Has a key rest, because the provider has answered 429 to it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="wait">How long.</param>
    /// <returns>Another key that does not rest; null where there is none.</returns>
    public string? Rest(string key, TimeSpan wait)
    {
        if (keys.Count < 2) return null;
        _resting[key] = time.GetUtcNow() + wait;
        return Next() is var other && !IsResting(other) ? other : null;
    }

    /// <summary>Whether it holds these keys, in this order.</summary>
    public bool Holds(IReadOnlyList<string> others) => keys.SequenceEqual(others, StringComparer.Ordinal);

    /// <summary>Has the keys rest that rest in another ring.</summary>
    public void RestAs(KeyRing other)
    {
        foreach (var (key, until) in other._resting)
        {
            if (keys.Contains(key, StringComparer.Ordinal)) _resting[key] = until;
        }
    }

    private bool IsResting(string key)
    {
        if (!_resting.TryGetValue(key, out var until)) return false;
        if (until > time.GetUtcNow()) return true;
        _resting.TryRemove(KeyValuePair.Create(key, until));
        return false;
    }
}
