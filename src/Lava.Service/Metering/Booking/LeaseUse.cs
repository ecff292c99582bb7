using Lava.Core.Ledger;
using Lava.Service.Ledger.Leases;

namespace Lava.Service.Metering.Booking;

/// <summary>Sums what the calls of a batch had reserved, by lease, so that it comes off the stored leases in the transaction that books the calls.</summary>
/// <param name="head">The book before the batch.</param>
internal sealed class LeaseUse(BookHead head)
{
    private readonly Dictionary<string, decimal> _byLease = new(StringComparer.Ordinal);

    /// <summary>Adds what a call had reserved.</summary>
    /// <param name="holder">The name under which the lease is stored; null for none.</param>
    /// <param name="amount">How much.</param>
    /// <param name="budget">The one of the book's budgets; null where it has only one.</param>
    /// <returns>False where nothing is held for the call: it had reserved nothing, or its lease was ended before it was booked. Then its holder had stood still
    /// and cut the call's answer, unless a message was overtaken. Such a call takes only what nobody else holds.</returns>
    public bool Add(string? holder, decimal amount, string? budget = null)
    {
        if (holder is null || amount <= 0) return false;
        var lease = budget is null ? holder : Budget.LeaseId(holder, budget);
        if (!head.Leases.ContainsKey(lease)) return false;
        _byLease[lease] = _byLease.GetValueOrDefault(lease) + amount;
        return true;
    }

    /// <summary>A head without what was added.</summary>
    public BookHead TakeOff(BookHead changed)
    {
        foreach (var (lease, amount) in _byLease) changed = Bookkeeping.ChangeLease(changed, lease, -amount, null);
        return changed;
    }
}
