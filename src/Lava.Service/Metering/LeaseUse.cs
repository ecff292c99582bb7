using Lava.Core.Ledger;
using Lava.Service.Ledger;

namespace Lava.Service.Metering;

/// <summary>Sums what the calls of a batch had reserved, by instance, so that it comes off the stored leases in the transaction that books the calls.</summary>
internal sealed class LeaseUse
{
    private readonly Dictionary<string, decimal> _byLease = new(StringComparer.Ordinal);

    /// <summary>Adds what a call had reserved.</summary>
    /// <param name="instance">Of whose lease; null for none.</param>
    /// <param name="amount">How much.</param>
    /// <param name="budget">Of which of the book's budgets; null where it has only one.</param>
    public void Add(string? instance, decimal amount, string? budget = null)
    {
        if (instance is null || amount <= 0) return;
        var lease = budget is null ? instance : Budget.LeaseId(instance, budget);
        _byLease[lease] = _byLease.GetValueOrDefault(lease) + amount;
    }

    public BookHead TakeOff(BookHead head, DateTimeOffset now)
    {
        foreach (var (lease, amount) in _byLease) head = Bookkeeping.ChangeLease(head, lease, -amount, null, now);
        return head;
    }
}
