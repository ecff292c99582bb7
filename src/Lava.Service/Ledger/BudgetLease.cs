namespace Lava.Service.Ledger;

/// <summary>What this instance holds of one budget: free to reserve from, and reserved by calls in flight.</summary>
internal sealed class BudgetLease(BookKey book, string account)
{
    private readonly Lock _gate = new();
    private decimal _free;
    private decimal _held;
    private DateTimeOffset _until;

    public BookKey Book { get; } = book;

    public string Account { get; } = account;

    /// <summary>Serialises what this instance asks of the store for this budget.</summary>
    public SemaphoreSlim Refill { get; } = new(1, 1);

    public DateTimeOffset LastUse { get; private set; }

    /// <summary>Takes <paramref name="amount"/> if the lease has it free and has not run out.</summary>
    public bool TryTake(decimal amount, DateTimeOffset now)
    {
        lock (_gate)
        {
            LastUse = now;
            if (_free < amount || _until <= now) return false;
            _free -= amount;
            _held += amount;
            return true;
        }
    }

    public void Return(decimal amount)
    {
        lock (_gate)
        {
            _held -= amount;
            _free += amount;
        }
    }

    public void HandOver(decimal amount)
    {
        lock (_gate) _held -= amount;
    }

    /// <summary>What is free; 0 once the lease has run out, because the store may have given it to others.</summary>
    public decimal Free(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_until <= now) _free = 0;
            return _free;
        }
    }

    public decimal Held
    {
        get
        {
            lock (_gate) return _held;
        }
    }

    /// <summary>Until when this instance may use what is free.</summary>
    public DateTimeOffset Until
    {
        get
        {
            lock (_gate) return _until;
        }
    }

    public void Granted(decimal amount, DateTimeOffset until)
    {
        lock (_gate)
        {
            _free += amount;
            _until = until;
        }
    }

    /// <summary>Takes all that is free, to give it back to the store; 0 if there is none.</summary>
    public decimal TakeFree()
    {
        lock (_gate)
        {
            var free = _free;
            _free = 0;
            return free;
        }
    }

    public void Lost()
    {
        lock (_gate)
        {
            _free = 0;
            _until = default;
        }
    }
}
