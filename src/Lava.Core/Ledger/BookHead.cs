using Lava.Core.SpendKeys;

namespace Lava.Core.Ledger;

/// <summary>The state of a book: one wallet's, one customer's or one spend key's accounts, the parts of its budget that instances have leased, and how far its
/// meters have counted. It is the projection of the book's entries; whoever changes a book replaces its head under its ETag, so changes of a book are serial.
/// The amounts of a book's accounts always add up to zero.</summary>
public sealed record BookHead
{
    /// <summary>Number of the newest entry; 0 before the first.</summary>
    public long Sequence { get; init; }

    /// <summary>Balance by account, US dollars or credits, 12 decimals. The names are those of <see cref="Account"/>.</summary>
    public IReadOnlyDictionary<string, decimal> Accounts { get; init; } = new Dictionary<string, decimal>();

    /// <summary>What instances hold of the budget, by instance id; where a book has several budgets, by instance id, bar and the budget's name.</summary>
    public IReadOnlyDictionary<string, Lease> Leases { get; init; } = new Dictionary<string, Lease>();

    /// <summary>The credits by origin and expiry, in the order in which they are spent. They add up to the credits' balance, or to nothing where that is
    /// negative.</summary>
    public IReadOnlyList<CreditLot> Lots
    {
        get => field ?? [];
        init;
    }

    /// <summary>The test clock that the book's owner lives by (<c>clk_…</c>); null for real time.</summary>
    public string? TestClockId { get; init; }

    /// <summary>Units counted by each meter over all its requests: the position in its tiers. By meter id.</summary>
    public IReadOnlyDictionary<string, decimal> Totals { get; init; } = new Dictionary<string, decimal>();

    /// <summary>The usage that has left no credits, as the number of its entry: what a top-up answers. 0 where credits are left, or something else took the
    /// last of them; null in a book whose newest entry is older than this.</summary>
    public long? UsedUpBy { get; init; }

    /// <summary>What was used in all and by period; only in a spend key's book.</summary>
    public SpendKeyUsage? Usage { get; init; }

    /// <summary>The rate at which it may be used; only in the book of a spend key that had a rate limit.</summary>
    public RateBucket? Bucket { get; init; }

    /// <summary>The balance of an account; 0 where it never moved.</summary>
    public decimal Balance(string account) => Accounts.GetValueOrDefault(account);

    /// <summary>What may still be leased of an account: its balance less what instances hold. A lease counts until it is given back, booked or fenced off, also
    /// when its time is over.</summary>
    public decimal Available(string account)
    {
        var available = Balance(account);
        foreach (var lease in Leases.Values) available -= lease.Amount;
        return available;
    }
}
