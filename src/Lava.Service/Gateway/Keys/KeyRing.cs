using System.Collections.Concurrent;

namespace Lava.Service.Gateway.Keys;

/// <summary>The keys that one owner has at one provider: they take turns, and one that the provider slows down rests. It is asked from many calls at
/// once.</summary>
public sealed class KeyRing
{
    private readonly IReadOnlyList<string> _keys;

    // Each key as often as its weight, by priority: a turn is a place in the first list that has a key awake.
    private readonly string[][] _turns;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _resting;
    private readonly TimeProvider _time;
    private int _turn;

    /// <summary>Makes a ring of equal keys.</summary>
    /// <param name="keys">The keys, at least one.</param>
    /// <param name="time">Tells how long a key has rested.</param>
    public KeyRing(IReadOnlyList<string> keys, TimeProvider time)
        : this([.. keys.Select(key => new Member(key, 0, 1))], new(StringComparer.Ordinal), time)
    {
    }

    /// <summary>Makes a ring of keys that have an order.</summary>
    /// <param name="members">The keys, at least one.</param>
    /// <param name="resting">Who rests until when; rings that share keys share it.</param>
    /// <param name="time">Tells how long a key has rested.</param>
    internal KeyRing(IReadOnlyList<Member> members, ConcurrentDictionary<string, DateTimeOffset> resting, TimeProvider time)
    {
        _keys = [.. members.Select(member => member.Key)];
        _turns = [.. members.GroupBy(member => member.Priority).OrderBy(group => group.Key).Select(Interleaved)];
        (_resting, _time) = (resting, time);
    }

    /// <summary>The key whose turn it is; one that rests is passed over, unless all do.</summary>
    public string Next()
    {
        if (_keys.Count == 1) return _keys[0];
        var turn = (uint)Interlocked.Increment(ref _turn);
        foreach (var turns in _turns)
        {
            var first = (int)(turn % (uint)turns.Length);
            for (var i = 0; i < turns.Length; i++)
            {
                var key = turns[(first + i) % turns.Length];
                if (!IsResting(key)) return key;
            }
        }

        return _turns[0][(int)(turn % (uint)_turns[0].Length)];
    }

    /// <summary>Has a key rest, because the provider has answered 429 to it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="wait">How long.</param>
    /// <returns>Another key that does not rest; null where there is none.</returns>
    public string? Rest(string key, TimeSpan wait)
    {
        if (_keys.Count < 2) return null;
        _resting[key] = _time.GetUtcNow() + wait;
        return Next() is var other && !IsResting(other) ? other : null;
    }

    /// <summary>Whether it holds these keys, in this order.</summary>
    public bool Holds(IReadOnlyList<string> others) => _keys.SequenceEqual(others, StringComparer.Ordinal);

    /// <summary>Has the keys rest that rest in another ring.</summary>
    public void RestAs(KeyRing other)
    {
        foreach (var (key, until) in other._resting)
        {
            if (_keys.Contains(key, StringComparer.Ordinal)) _resting[key] = until;
        }
    }

    // A round gives each key its turns one by one, so that a heavy key's do not come all at once.
    private static string[] Interleaved(IEnumerable<Member> members)
    {
        var all = members.ToList();
        var rounds = Enumerable.Range(0, all.Max(member => member.Weight));
        return [.. rounds.SelectMany(round => all.Where(member => member.Weight > round).Select(member => member.Key))];
    }

    private bool IsResting(string key)
    {
        if (!_resting.TryGetValue(key, out var until)) return false;
        if (until > _time.GetUtcNow()) return true;
        _resting.TryRemove(KeyValuePair.Create(key, until));
        return false;
    }

    /// <summary>A key of a ring.</summary>
    /// <param name="Key">The key, or what stands for it.</param>
    /// <param name="Priority">Keys of a lower one are taken first.</param>
    /// <param name="Weight">How many turns it gets beside others of its priority.</param>
    internal readonly record struct Member(string Key, int Priority, int Weight);
}
