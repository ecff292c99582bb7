using Lava.Core.Ledger;

namespace Lava.Service.Metering;

/// <summary>Sums what the calls of a batch had reserved, by instance, so that it comes off the stored leases in the transaction that books the calls.</summary>
internal sealed class LeaseUse
{
    private readonly Dictionary<string, decimal> _byInstance = new(StringComparer.Ordinal);

    public void Add(string? instance, decimal amount)
    {
        if (instance is not null && amount > 0) _byInstance[instance] = _byInstance.GetValueOrDefault(instance) + amount;
    }

    public BookHead TakeOff(BookHead head, DateTimeOffset now)
    {
        foreach (var (instance, amount) in _byInstance) head = Bookkeeping.ChangeLease(head, instance, -amount, null, now);
        return head;
    }
}
