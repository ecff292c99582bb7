namespace Lava.Service.Ledger;

/// <summary>What this instance holds of one budget: free to reserve from, and reserved by calls in flight.</summary>
internal sealed class BudgetLease(Budget budget, TimeProvider time)
{
    /// <summary>How long a lease is kept up for usage records that are on their way to metering; what is not booked by then is lost, or comes from a queue far behind.</summary>
    private static readonly TimeSpan BookingTime = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private Budget _budget = budget;
    private decimal _free;
    private decimal _held;

    /// <summary>Not to be reserved from any more, and still in the stored lease.</summary>
    private decimal _stale;

    /// <summary>Used up, and still in the stored lease; only of budgets that are used at once.</summary>
    private decimal _used;
    private DateTimeOffset _usedAt;
    private DateTimeOffset _until;

    /// <summary>When a record last took over what its call held; null once all of them are booked.</summary>
    private DateTimeOffset? _handedAt;

    /// <summary>The budget as the newest call knows it.</summary>
    public Budget Budget
    {
        get
        {
            lock (_gate) return _budget;
        }
    }

    /// <summary>Serialises what this instance asks of the store for this budget.</summary>
    public SemaphoreSlim Refill { get; } = new(1, 1);

    /// <summary>Whether it is dropped; set and read under <see cref="Refill"/>.</summary>
    public bool IsRetired { get; set; }

    public DateTimeOffset LastUse { get; private set; }

    /// <summary>Takes <paramref name="amount"/> if the lease has it free and has not run out. Where the budget's limit was changed nothing is free: what was leased under the
    /// old one counts no more.</summary>
    public bool TryTake(Budget budget, decimal amount, DateTimeOffset now)
    {
        lock (_gate)
        {
            LastUse = now;
            if (!ReferenceEquals(budget, _budget))
            {
                if (budget != _budget) Retire();
                _budget = budget;
            }

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
        lock (_gate)
        {
            _held -= amount;
            if (_budget.IsUsedAtOnce)
            {
                _used += amount;
                _usedAt = time.GetUtcNow();
            }
            else
            {
                _handedAt = time.GetUtcNow();
            }
        }
    }

    /// <summary>What is free; 0 once the lease has run out, because the store may have given it to others.</summary>
    public decimal Free(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_until <= now) Retire();
            return _free;
        }
    }

    /// <summary>Makes all that is free stale, to give it back to the store.</summary>
    public void RetireFree()
    {
        lock (_gate) Retire();
    }

    /// <summary>What the store has yet to hear.</summary>
    public LeaseMove Dues
    {
        get
        {
            lock (_gate) return new LeaseMove(0, _stale, _used, _usedAt);
        }
    }

    /// <summary>The store has heard.</summary>
    public void Paid(LeaseMove dues)
    {
        lock (_gate)
        {
            _stale -= dues.Returned;
            _used -= dues.Used;
        }
    }

    public decimal Held
    {
        get
        {
            lock (_gate) return _held;
        }
    }

    /// <summary>Whether the stored lease is needed: by calls in flight, by others to come, or by records that are not booked.</summary>
    public bool IsNeeded(DateTimeOffset now)
    {
        lock (_gate) return _held > 0 || _free > 0 || _handedAt + BookingTime > now;
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

    /// <summary>The stored lease runs on.</summary>
    /// <param name="stored">How much it is.</param>
    /// <param name="until">Until when.</param>
    public void Renewed(decimal stored, DateTimeOffset until)
    {
        lock (_gate)
        {
            _until = until;
            var known = _free + _held + _stale + _used;
            if (stored > known && _handedAt + BookingTime > time.GetUtcNow()) return;

            // All records are booked. What is stored beyond was granted by a commit whose answer got lost, or its record never came: nothing must be held for ever.
            _stale += Math.Max(0, stored - known);
            _handedAt = null;
        }
    }

    public void Lost()
    {
        lock (_gate)
        {
            (_free, _stale, _used) = (0, 0, 0);
            _until = default;
            _handedAt = null;
        }
    }

    private void Retire()
    {
        _stale += _free;
        _free = 0;
    }
}
