using System.Collections.Concurrent;

namespace Lava.Service.Api;

/// <summary>Counts management requests by key in fixed minutes (rest-api.md §1.7), on each instance.</summary>
internal sealed class RateLimiter(TimeProvider time)
{
    /// <summary>Requests of one key in one minute.</summary>
    public const int Limit = 1_000;

    private readonly ConcurrentDictionary<string, Window> _windows = new(StringComparer.Ordinal);
    private long _minute;

    /// <summary>Counts a request against <see cref="Limit"/>, or another limit. Returns how many are left, negative when it is one too many, and when the
    /// minute ends (unix seconds).</summary>
    public (int Remaining, long Reset) Count(string keyId, int limit = Limit)
    {
        var minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        var window = _windows.AddOrUpdate(
            keyId,
            static (_, minute) => new Window(minute, 1),
            static (_, window, minute) => window.Minute == minute ? window with { Count = window.Count + 1 } : new Window(minute, 1),
            minute);

        // Once a minute, by whoever comes first: a key that is silent is not remembered.
        if (Interlocked.Exchange(ref _minute, minute) < minute)
        {
            foreach (var old in _windows)
            {
                if (old.Value.Minute < minute) _windows.TryRemove(old);
            }
        }

        return (limit - window.Count, (minute + 1) * 60);
    }

    private sealed record Window(long Minute, int Count);
}
