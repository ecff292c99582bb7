namespace Lava.Service.Ledger.Leases;

/// <summary>A part of a budget that one call holds. It ends exactly once: <see cref="Release"/> gives it back, <see cref="Settle"/> hands it to metering, which
/// takes it off the stored lease together with the charge.</summary>
internal sealed class Reservation
{
    private int _ended;

    internal Reservation(BudgetLease? lease, decimal amount)
    {
        Lease = lease;
        Amount = amount;
    }

    /// <summary>A reservation of nothing.</summary>
    public static Reservation None => new(null, 0);

    /// <summary>What is held.</summary>
    public decimal Amount { get; private set; }

    /// <summary>The name under which its lease is stored; null where nothing is held.</summary>
    public string? Holder => Lease?.Holder;

    /// <summary>Whether an answer may rest on it. One whose lease may have lapsed is confirmed by <see cref="Budgets.ConfirmAsync"/> or made again.</summary>
    public bool IsGood => Lease is null || Lease.IsGood;

    internal BudgetLease? Lease { get; }

    /// <summary>Holds what the call is known to take instead of the most that it could: the rest is free at once, and what is lacking is taken of what the
    /// lease has free.</summary>
    public void Resize(decimal amount)
    {
        if (Lease is not null && amount != Amount && Volatile.Read(ref _ended) == 0) Amount = Lease.Resize(Amount, amount);
    }

    /// <summary>Gives it back to this instance's lease; nothing happens after the first end.</summary>
    public void Release()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0) Lease?.Return(Amount);
    }

    /// <summary>Ends it in favour of a usage record, which carries <see cref="Amount"/>.</summary>
    public void Settle()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0) Lease?.HandOver(Amount);
    }

    /// <summary>Ends it where it is not known whether its usage record became durable: it stays held until a fence has passed all records.</summary>
    public void Doubt()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0 || Lease is null) return;
        Lease.HandOver(Amount);
        Lease.Doubt();
    }
}
