using System.Diagnostics;

namespace Lava.Service.Ledger.Leases;

/// <summary>What this instance holds of one budget: free to reserve from, reserved by calls in flight, and handed over to usage records that are not booked
/// yet.</summary>
/// <param name="budget">The budget.</param>
/// <param name="holder">The name under which the lease is stored. A lease that was lost or is in doubt gets a successor of another name, so that their records
/// never mix.</param>
/// <param name="time">The clocks.</param>
internal sealed class BudgetLease(Budget budget, string holder, TimeProvider time)
{
    /// <summary>How long after the last record a lease waits for all of them to be booked.</summary>
    private static readonly TimeSpan BookingTime = TimeSpan.FromMinutes(15);

    // Calls take and end on any thread while upkeep moves amounts between the parts. Without the lock two calls could take the same free amount, or a move
    // could be lost.
    private readonly Lock _gate = new();
    private Budget _budget = budget;
    private decimal _free;
    private decimal _held;

    /// <summary>Not to be reserved from any more, and still in the stored lease.</summary>
    private decimal _stale;

    /// <summary>Used up, and still in the stored lease; only of budgets that are used at once.</summary>
    private decimal _used;
    private DateTimeOffset _usedAt;
    private LeaseTerm _term;
    private long _lastUse = time.GetTimestamp();

    /// <summary>Whether the stored lease may cover records that are not booked.</summary>
    private bool _hasUnbooked;
    private long _handedOver;
    private bool _isDoubtful;
    private bool _isLost;
    private int _isKept;

    /// <summary>The budget as the newest call knows it.</summary>
    public Budget Budget
    {
        get
        {
            lock (_gate) return _budget;
        }
    }

    /// <summary>The name under which it is stored.</summary>
    public string Holder { get; } = holder;

    /// <summary>Serialises what this instance asks of the store for this budget. Without it a hundred calls that find the lease short would each lease more,
    /// and a renewal would miss what a refill is just being granted.</summary>
    public SemaphoreSlim Refill { get; } = new(1, 1);

    /// <summary>Whether it is dropped; set and read under <see cref="Refill"/>.</summary>
    public bool IsRetired { get; set; }

    /// <summary>Whether the store no longer has it although this instance held something: it was fenced off while the instance stood still.</summary>
    public bool IsLost
    {
        get
        {
            lock (_gate) return _isLost;
        }
    }

    /// <summary>Whether it is not known what the store has of it: a write's answer never came. Such a lease is renewed while calls hold it and ended by a
    /// fence.</summary>
    public bool IsDoubtful
    {
        get
        {
            lock (_gate) return _isDoubtful;
        }
    }

    /// <summary>How long nobody has asked for anything of it.</summary>
    public TimeSpan IdleTime => time.GetElapsedTime(Volatile.Read(ref _lastUse));

    /// <summary>Whether its time has long enough to run for an answer to rest on it.</summary>
    public bool IsGood
    {
        get
        {
            lock (_gate) return !_isLost && _term.IsWithin(Budgets.TrustTime, time);
        }
    }

    /// <summary>Whether half its time is over.</summary>
    public bool IsDue
    {
        get
        {
            lock (_gate) return !_term.IsWithin(Budgets.LeaseTime / 2, time);
        }
    }

    /// <summary>Whether the stored lease is needed: by calls in flight, by others to come, or by records that are not booked.</summary>
    public bool IsNeeded
    {
        get
        {
            lock (_gate) return _held > 0 || _free > 0 || _hasUnbooked;
        }
    }

    /// <summary>Whether records stay unbooked for so long that one may never come, as a dead letter: then a fence tells.</summary>
    public bool IsOverdue
    {
        get
        {
            lock (_gate) return _hasUnbooked && time.GetElapsedTime(_handedOver) > BookingTime;
        }
    }

    /// <summary>Whether calls in flight hold a part of it.</summary>
    public bool IsHeld
    {
        get
        {
            lock (_gate) return _held > 0;
        }
    }

    /// <summary>What the store must at least have of it.</summary>
    public decimal Known
    {
        get
        {
            lock (_gate) return _free + _held + _stale + _used;
        }
    }

    /// <summary>What is free to reserve from.</summary>
    public decimal Free
    {
        get
        {
            lock (_gate) return _free;
        }
    }

    /// <summary>What the store has yet to hear.</summary>
    public LeaseMove Dues
    {
        get
        {
            lock (_gate) return new LeaseMove(0, _stale, _used, _usedAt);
        }
    }

    /// <summary>Makes the caller the only one that keeps it up; false where another does.</summary>
    public bool TryKeep() => Interlocked.CompareExchange(ref _isKept, 1, 0) == 0;

    /// <summary>The caller has kept it up.</summary>
    public void EndKeep() => Volatile.Write(ref _isKept, 0);

    /// <summary>Takes <paramref name="amount"/> if the lease has it free and can be trusted. Where the budget's limit was changed nothing is free: what was
    /// leased under the old one counts no more.</summary>
    public bool TryTake(Budget budget, decimal amount)
    {
        Volatile.Write(ref _lastUse, time.GetTimestamp());
        lock (_gate)
        {
            if (!ReferenceEquals(budget, _budget))
            {
                if (budget != _budget) Retire();
                _budget = budget;
            }

            if (_isLost || _free < amount || !_term.IsWithin(Budgets.TrustTime, time)) return false;
            _free -= amount;
            _held += amount;
            AssertParts();
            return true;
        }
    }

    /// <summary>Changes what a call holds: less gives the rest back, more takes what is free. Returns what it holds now.</summary>
    public decimal Resize(decimal held, decimal wanted)
    {
        lock (_gate)
        {
            var more = Math.Min(wanted - held, _free);
            _held += more;
            _free -= more;
            AssertParts();
            return held + more;
        }
    }

    /// <summary>A call gives back what it held.</summary>
    public void Return(decimal amount)
    {
        lock (_gate)
        {
            _held -= amount;
            _free += amount;
            AssertParts();
        }
    }

    /// <summary>A call's usage record takes over what it held.</summary>
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
                _hasUnbooked = true;
                _handedOver = time.GetTimestamp();
            }

            AssertParts();
        }
    }

    /// <summary>It is not known what the store has: nothing more is given back to it in parts.</summary>
    public void Doubt()
    {
        lock (_gate)
        {
            _isDoubtful = true;
            _stale = 0;
        }
    }

    /// <summary>Makes all that is free stale, to give it back to the store.</summary>
    public void RetireFree()
    {
        lock (_gate) Retire();
    }

    /// <summary>The store has heard.</summary>
    public void Paid(LeaseMove dues)
    {
        lock (_gate)
        {
            // None is stale any more where the lease came into doubt meanwhile.
            _stale = Math.Max(0, _stale - dues.Returned);
            _used -= dues.Used;
            AssertParts();
        }
    }

    /// <summary>The store has granted more.</summary>
    public void Granted(decimal amount, LeaseTerm term)
    {
        lock (_gate)
        {
            _free += amount;
            _term = term;
            AssertParts();
        }
    }

    /// <summary>The stored lease runs on.</summary>
    /// <param name="stored">How much it is.</param>
    /// <param name="term">From when.</param>
    public void Renewed(decimal stored, LeaseTerm term)
    {
        lock (_gate)
        {
            _term = term;
            var unbooked = stored - (_free + _held + _stale + _used);
            _hasUnbooked = unbooked > 0;

            // Never more to reserve from than is stored.
            if (unbooked < 0) _free = Math.Max(0, _free + unbooked);
            AssertParts();
        }
    }

    /// <summary>The store has none of it any more.</summary>
    public void Lost()
    {
        lock (_gate)
        {
            (_free, _stale, _used) = (0, 0, 0);
            _hasUnbooked = false;
            _isLost = true;
        }
    }

    private void Retire()
    {
        if (!_isDoubtful) _stale += _free;
        _free = 0;
        AssertParts();
    }

    /// <summary>No call gives back or hands over more than it held, and the store hears of nothing twice. Under the lock.</summary>
    [Conditional("DEBUG")]
    private void AssertParts()
    {
        Debug.Assert(_free >= 0, "A lease has less than nothing free.");
        Debug.Assert(_held >= 0, "Calls hold less than nothing of a lease.");
        Debug.Assert(_stale >= 0, "A lease gives back more than it had.");
        Debug.Assert(_used >= 0, "A lease tells more use than there was.");
    }
}
