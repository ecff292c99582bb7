using Lava.Core.Ledger;
using Lava.Service.Ledger.Books;

namespace Lava.Service.Ledger.Leases;

/// <summary>Finds leases of other instances that nobody renews. Clocks of instances may differ, so a lease counts as lapsed when this instance has watched it
/// unchanged for longer than a lease runs, by its own monotonic clock; or when its end is so long ago that no clock is that wrong.</summary>
internal sealed class LapsedLeases(TimeProvider time)
{
    /// <summary>How long a lease is watched. Longer than its holder trusts it (<see cref="Budgets.LeaseTime"/>).</summary>
    public static readonly TimeSpan WatchTime = Budgets.LeaseTime + TimeSpan.FromSeconds(5);

    /// <summary>How far clocks may be apart.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(10);

    /// <summary>Books that are watched at once; beyond it all watches begin anew.</summary>
    private const int MaxBooks = 10_000;

    // Calls and upkeep look at one book's leases on several threads: without the lock a list of watches would change while another reads it, and one lapse
    // would send two fences.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<Watch>> _books = new(StringComparer.Ordinal);

    /// <summary>Looks at a book's leases.</summary>
    /// <param name="book">The book.</param>
    /// <param name="head">Its head.</param>
    /// <param name="isOwn">Whether a lease is this instance's.</param>
    /// <returns>A fence for each lease that has lapsed; for one lease at most once in <see cref="WatchTime"/>.</returns>
    public IReadOnlyList<LeaseFence> Find(BookKey book, BookHead head, Func<string, bool> isOwn)
    {
        // Nearly always all leases are the instance's own.
        List<LeaseFence>? fences = null;
        List<Watch>? watches = null;
        var now = time.GetTimestamp();
        foreach (var (id, lease) in head.Leases)
        {
            if (isOwn(id)) continue;
            lock (_gate)
            {
                watches ??= WatchesOf(book, head);
                var i = watches.FindIndex(watch => watch.Lease == id);
                if (i < 0 || watches[i].Until != lease.Until)
                {
                    var watch = new Watch(id, lease.Until, now);
                    if (i < 0) watches.Add(watch);
                    else watches[i] = watch;
                    if (time.GetUtcNow() - lease.Until <= ClockTolerance) continue;
                    i = i < 0 ? watches.Count - 1 : i;
                }
                else if (time.GetElapsedTime(watches[i].Since) < WatchTime) continue;

                watches[i] = watches[i] with { Since = now };
                (fences ??= []).Add(new LeaseFence(book.Partition, id, lease.Until));
            }
        }

        return fences ?? [];
    }

    private List<Watch> WatchesOf(BookKey book, BookHead head)
    {
        if (_books.TryGetValue(book.Partition, out var watches))
        {
            watches.RemoveAll(watch => !head.Leases.ContainsKey(watch.Lease));
            return watches;
        }

        if (_books.Count >= MaxBooks) _books.Clear();
        return _books[book.Partition] = [];
    }

    /// <param name="Lease">The lease's id.</param>
    /// <param name="Until">Its end as it was seen.</param>
    /// <param name="Since">Since when it has been the same, or since its last fence; the monotonic clock.</param>
    private readonly record struct Watch(string Lease, DateTimeOffset Until, long Since);
}
