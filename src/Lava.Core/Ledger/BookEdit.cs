using System.Diagnostics;

namespace Lava.Core.Ledger;

/// <summary>Entries added to a book in one transaction.</summary>
/// <param name="head">The book as it is.</param>
/// <param name="at">When they are booked.</param>
public sealed class BookEdit(BookHead head, DateTimeOffset at)
{
    private readonly List<Entry> _entries = [];

    /// <summary>The head with all entries so far.</summary>
    public BookHead Head
    {
        get;
        internal set
        {
            Debug.Assert(value.Accounts.Values.Sum() == 0, "The accounts of a book add up to zero.");
            Debug.Assert(value.Leases.Values.All(lease => lease.Amount > 0), "A stored lease is more than nothing.");
            field = value;
        }
    } = head;

    /// <summary>When the entries are booked.</summary>
    public DateTimeOffset At { get; } = at;

    /// <summary>The new entries, oldest first.</summary>
    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>Adds an entry and returns its number.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="cause">What caused it (a plan, a payment).</param>
    /// <param name="postings">Its sides, which add up to zero.</param>
    public long Post(EntryReason reason, string? cause, params IReadOnlyList<Posting> postings)
    {
        var entry = new Entry { Sequence = Head.Sequence + 1, At = At, Reason = reason, Cause = cause, Postings = postings };
        Head = Bookkeeping.Post(Head, entry);
        _entries.Add(entry);
        Debug.Assert(Head.Sequence == entry.Sequence && postings.Count >= 2, "An entry is double and the newest of its book.");
        return entry.Sequence;
    }
}
