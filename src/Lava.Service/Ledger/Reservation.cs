namespace Lava.Service.Ledger;

/// <summary>A part of a budget that one call holds. It ends exactly once: <see cref="Release"/> gives it back, <see cref="Settle"/> hands it to metering, which takes it off
/// the stored lease together with the charge.</summary>
public sealed class Reservation
{
    private readonly BudgetLease? _lease;
    private int _ended;

    internal Reservation(BudgetLease? lease, decimal amount)
    {
        _lease = lease;
        Amount = amount;
    }

    /// <summary>A reservation of nothing.</summary>
    public static Reservation None => new(null, 0);

    /// <summary>What is held.</summary>
    public decimal Amount { get; }

    /// <summary>Gives it back to this instance's lease; nothing happens after the first end.</summary>
    public void Release()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0) _lease?.Return(Amount);
    }

    /// <summary>Ends it in favour of a usage record, which carries <see cref="Amount"/>.</summary>
    public void Settle()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0) _lease?.HandOver(Amount);
    }
}
