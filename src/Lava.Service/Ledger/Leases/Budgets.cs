using System.Collections.Concurrent;
using Lava.Core.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Ports.Tables;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Ledger.Leases;

/// <summary>Reserves what calls may cost, before they are sent. An instance holds a lease of each budget in use and reserves from it in memory; the store is
/// asked only when the lease is short, and the sum of all leases never exceeds what is left, so the limit holds on any number of instances.
/// <para>Time alone frees nothing. A lease that its holder no longer renews ends by a fence, which passes through the queue behind the holder's usage records;
/// so what durable records will charge stays covered until it is booked. A holder that stood still confirms its lease before an answer's end is released
/// (docs/reliability.md).</para></summary>
internal sealed partial class Budgets(BookStore books, Instance instance, ILeaseFences fences, TimeProvider time, ILogger<Budgets> logger) : IDisposable
{
    /// <summary>How long a lease runs without being renewed.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(60);

    /// <summary>How long its holder trusts a lease after it was renewed: less than others wait for it.</summary>
    public static readonly TimeSpan TrustTime = TimeSpan.FromSeconds(55);

    /// <summary>How often leases are looked at; one is renewed when half its time is over.</summary>
    public static readonly TimeSpan RenewalPeriod = TimeSpan.FromSeconds(5);

    /// <summary>After this long without a reservation an instance gives back what it has free.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);

    /// <summary>How many calls of the size asked for a lease should last, if the budget allows.</summary>
    private const int CallsAhead = 256;

    /// <summary>How many leases upkeep renews or gives back at the same time.</summary>
    private const int KeptAtOnce = 64;

    private readonly ConcurrentDictionary<string, BudgetLease> _leases = new(StringComparer.Ordinal);

    /// <summary>Leases that came into doubt: no call reserves from them any more.</summary>
    private readonly ConcurrentDictionary<BudgetLease, bool> _doubtful = new();
    private readonly LapsedLeases _lapsed = new(time);

    // When many leases are due together, upkeep must not send a thousand writes to the store at once.
    private readonly SemaphoreSlim _keeping = new(KeptAtOnce, KeptAtOnce);
    private int _generation;

    private enum Change
    {
        Committed,
        Unchanged,
        Lost,
    }

    /// <summary>Reserves an amount of an account of a book; null when the budget does not have it.</summary>
    /// <param name="book">The book; it must exist.</param>
    /// <param name="account">Its account of value.</param>
    /// <param name="amount">What the call may cost at the most, never negative; for 0 nothing is reserved and nothing is asked.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    public ValueTask<Reservation?> TryReserveAsync(BookKey book, string account, decimal amount, CancellationToken cancellationToken) =>
        TryReserveAsync(_leases.TryGetValue(book.Partition, out var lease) ? lease.Budget : new AccountBudget(book, account), amount, cancellationToken);

    /// <summary>Reserves an amount of a budget; null when the budget does not have it.</summary>
    /// <param name="budget">The budget. Where its limit differs from what it was, nothing is reserved of what was leased before.</param>
    /// <param name="amount">How much, never negative.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <exception cref="TableStoreException">The store failed.</exception>
    public async ValueTask<Reservation?> TryReserveAsync(Budget budget, decimal amount, CancellationToken cancellationToken)
    {
        if (amount <= 0) return Reservation.None;
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            var lease = _leases.GetOrAdd(budget.Id, static (_, made) => made.self.Open(made.budget), (self: this, budget));
            if (lease.TryTake(budget, amount)) return new Reservation(lease, amount);
            await lease.Refill.WaitAsync(cancellationToken);
            try
            {
                // Dropped just now: the next round makes another.
                if (lease.IsRetired) continue;

                // Another call may have refilled it meanwhile.
                if (lease.TryTake(budget, amount)) return new Reservation(lease, amount);
                await RefillAsync(lease, budget, amount);
                if (lease.IsRetired) continue;
                return lease.TryTake(budget, amount) ? new Reservation(lease, amount) : null;
            }
            finally
            {
                lease.Refill.Release();
            }
        }
    }

    /// <summary>Confirms that what a reservation holds is still this instance's: renews its lease where that may have lapsed. False where it was fenced off
    /// meanwhile.</summary>
    /// <exception cref="TableStoreException">The store failed: it is not known.</exception>
    public async ValueTask<bool> ConfirmAsync(Reservation reservation, CancellationToken cancellationToken)
    {
        if (reservation.IsGood) return true;
        var lease = reservation.Lease!;
        await lease.Refill.WaitAsync(cancellationToken);
        try
        {
            if (!lease.IsGood && !lease.IsLost) await RenewAsync(lease);
            return lease.IsGood;
        }
        finally
        {
            lease.Refill.Release();
        }
    }

    /// <summary>A reservation as good as the given one: itself where its lease can be confirmed, else the same amount of a new lease; null where the budget no
    /// longer has it.</summary>
    /// <exception cref="TableStoreException">The store failed: it is not known.</exception>
    public async ValueTask<Reservation?> EnsureAsync(Reservation reservation, CancellationToken cancellationToken)
    {
        if (await ConfirmAsync(reservation, cancellationToken)) return reservation;
        reservation.Release();
        return await TryReserveAsync(reservation.Lease!.Budget, reservation.Amount, cancellationToken);
    }

    /// <summary>A book's head as this instance last knew it; null where it knows none. After a refusal it is the one that the refusal rests on, or a newer
    /// one.</summary>
    public BookHead? Known(BookKey book) => books.Known(book);

    /// <summary>Whether a lease is this instance's.</summary>
    public bool IsOwnLease(string leaseId) => leaseId.StartsWith(instance.Id, StringComparison.Ordinal);

    /// <summary>A position in a meter's tiers that the book has reached, as far as this instance knows: it only grows, so it may be behind, never
    /// ahead.</summary>
    public decimal PositionOf(BookKey book, string meterId) => books.Known(book)?.Totals.GetValueOrDefault(meterId) ?? 0;

    /// <summary>Renews the leases in use, gives back the idle ones, and ends those in doubt. Run every <see cref="RenewalPeriod"/>, also while an earlier run
    /// is not over: leases are kept up each for itself, so that one book out of reach lets no other lapse.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        List<Task>? work = null;
        foreach (var lease in _leases.Values)
        {
            if ((lease.IsDue || lease.IdleTime > IdleTime || lease.IsDoubtful) && lease.TryKeep())
                (work ??= []).Add(KeepAsync(lease, KeepUpAsync, cancellationToken));
        }

        foreach (var lease in _doubtful.Keys)
        {
            if ((lease.IsDue || !lease.IsHeld) && lease.TryKeep()) (work ??= []).Add(KeepAsync(lease, EndDoubtAsync, cancellationToken));
        }

        if (work is not null) await Task.WhenAll(work);
    }

    /// <summary>Gives back everything free, when the instance stops.</summary>
    public async ValueTask StopAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_leases.Values.Select(lease => KeepAsync(lease, GiveBackAsync, cancellationToken)));
        await Task.WhenAll(_doubtful.Keys.Select(lease => KeepAsync(lease, EndDoubtAsync, cancellationToken)));
    }

    /// <inheritdoc/>
    public void Dispose() => _keeping.Dispose();

    private BudgetLease Open(Budget budget)
    {
        var generation = Volatile.Read(ref _generation);
        return new BudgetLease(budget, generation == 0 ? instance.Id : FormattableString.Invariant($"{instance.Id}.{generation}"), time);
    }

    /// <summary>Drops a lease; its successor has another name. Under its <see cref="BudgetLease.Refill"/>.</summary>
    private void Replace(BudgetLease lease)
    {
        Interlocked.Increment(ref _generation);
        lease.IsRetired = true;
        _leases.TryRemove(KeyValuePair.Create(lease.Budget.Id, lease));
    }

    private async Task KeepAsync(BudgetLease lease, Func<BudgetLease, Task> keep, CancellationToken cancellationToken)
    {
        try
        {
            await _keeping.WaitAsync(cancellationToken);
            try
            {
                await lease.Refill.WaitAsync(cancellationToken);
                try
                {
                    await keep(lease);
                }
                finally
                {
                    lease.Refill.Release();
                }
            }
            finally
            {
                _keeping.Release();
            }
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogNotKept(lease.Budget.Id, fault);
        }
        finally
        {
            lease.EndKeep();
        }
    }

    private async Task KeepUpAsync(BudgetLease lease)
    {
        if (lease.IsRetired) return;
        if (lease.IsOverdue) lease.Doubt();
        if (lease.IsDoubtful)
        {
            Replace(lease);
            lease.RetireFree();

            // Tokens of a bucket come back by time.
            if (!lease.Budget.IsUsedAtOnce) _doubtful[lease] = true;
            return;
        }

        var isIdle = lease.IdleTime > IdleTime;
        if (isIdle) lease.RetireFree();

        // A renewal gives back what is free in the same write.
        if (lease.IsNeeded && lease.IsDue) await RenewAsync(lease);
        else if (isIdle) await GiveBackAsync(lease);
    }

    /// <summary>Renews a lease in doubt while calls hold it; then a fence ends it.</summary>
    private async Task EndDoubtAsync(BudgetLease lease)
    {
        if (lease.IsHeld)
        {
            await RenewAsync(lease);
            return;
        }

        if (!lease.IsLost)
            await fences.SendAsync(new LeaseFence(lease.Budget.Book.Partition, lease.Budget.LeaseId(lease.Holder), null), CancellationToken.None);
        _doubtful.TryRemove(lease, out _);
    }

    private async ValueTask RefillAsync(BudgetLease lease, Budget budget, decimal amount)
    {
        var granted = 0m;
        var term = LeaseTerm.Begin(time);
        var dues = lease.Dues;
        var free = lease.Free;
        var change = await ChangeAsync(lease, budget, (head, now) =>
        {
            // The lease may have lapsed with enough in it: then it is only renewed.
            granted = 0;
            head = budget.Change(head, lease.Holder, dues, null, now);
            if (free < amount)
            {
                var available = budget.Available(head, now);
                if (available + free < amount || available <= 0) return null;

                // A quarter of what is left, so that other instances find something; at least what this call needs, at most a good many calls.
                granted = budget.Share(available, amount - free, amount * CallsAhead);
            }

            return budget.Change(head, lease.Holder, new LeaseMove(granted), now + LeaseTime, now);
        });
        if (change == Change.Lost) Replace(lease);
        if (change != Change.Committed) return;
        lease.Paid(dues);
        lease.Granted(granted, term);
    }

    private async Task GiveBackAsync(BudgetLease lease)
    {
        if (lease.IsDoubtful) return;
        lease.RetireFree();
        var dues = lease.Dues;
        var budget = lease.Budget;
        if (dues.Returned > 0 || dues.Used > 0)
        {
            var change = await ChangeAsync(lease, budget, (head, now) => budget.Change(head, lease.Holder, dues, null, now));
            if (change == Change.Lost) Replace(lease);
            else lease.Paid(dues);
        }

        if (!lease.IsRetired && lease.IdleTime > IdleTime && !lease.IsNeeded) lease.IsRetired = _leases.TryRemove(KeyValuePair.Create(lease.Budget.Id, lease));
    }

    private async Task RenewAsync(BudgetLease lease)
    {
        var budget = lease.Budget;

        // Where more is leased than there is (credits may have run out meanwhile), nothing more is reserved from it.
        if (books.Known(budget.Book) is { } known && budget.Available(known, time.GetUtcNow()) < 0) lease.RetireFree();
        var dues = lease.Dues;
        var term = LeaseTerm.Begin(time);
        var stored = 0m;
        var change = await ChangeAsync(lease, budget, (head, now) =>
        {
            stored = 0;
            if (budget.LeaseOf(head, lease.Holder, now) is null) return null;
            head = budget.Change(head, lease.Holder, dues, now + LeaseTime, now);
            stored = budget.LeaseOf(head, lease.Holder, now)?.Amount ?? 0;
            return head;
        });
        if (change == Change.Lost)
        {
            if (_doubtful.ContainsKey(lease)) return;
            Replace(lease);
            LogLost(budget.Id);
            return;
        }

        // Without a stored lease nothing is held, and every record is booked.
        if (change == Change.Committed) lease.Paid(dues);
        lease.Renewed(stored, term);
    }

    /// <summary>Changes a lease in the store, by the newest head where the one in memory says no. Under its <see cref="BudgetLease.Refill"/>.</summary>
    private async ValueTask<Change> ChangeAsync(BudgetLease lease, Budget budget, Func<BookHead, DateTimeOffset, BookHead?> change)
    {
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            bool isFresh = false, isLost = false;
            ChangeResult result;
            try
            {
                // Not cancelled by a caller that leaves: then it would not be known what the store has.
                result = await books.ChangeAsync(budget.Book, (view, _) =>
                {
                    isFresh = view.IsFresh;
                    var now = time.GetUtcNow();
                    var head = view.Head ?? (budget.OpensBook ? new BookHead() : null);
                    isLost = head is not null && lease.Known > 0 && budget.LeaseOf(head, lease.Holder, now) is null;
                    var next = head is null || isLost ? null : change(head, now);
                    return ValueTask.FromResult<BookChange?>(next is null ? null : new BookChange(next, []));
                }, CancellationToken.None);
            }
            catch
            {
                lease.Doubt();
                throw;
            }

            if (result.Head is not null) await FenceLapsedAsync(budget.Book, result.Head);
            if (result.Outcome == ChangeOutcome.Committed) return Change.Committed;
            if (isFresh)
            {
                if (isLost) lease.Lost();
                return isLost ? Change.Lost : Change.Unchanged;
            }

            // By a head that this instance had in memory: ask the store before refusing.
            books.Forget(budget.Book);
        }
    }

    private async ValueTask FenceLapsedAsync(BookKey book, BookHead head)
    {
        foreach (var fence in _lapsed.Find(book, head, IsOwnLease))
        {
            try
            {
                await fences.SendAsync(fence, CancellationToken.None);
                LogFenced(fence.Lease, book.Partition);
            }
            catch (TableStoreException fault)
            {
                // It is sent again when the lease has been watched as long once more.
                LogNotFenced(fence.Lease, book.Partition, fault);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of {Budget} could not be renewed and will be retried.")]
    private partial void LogNotKept(string budget, Exception fault);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "This instance hung for so long that its lease of {Budget} was given to others. Calls in flight reserve again or end unpaid.")]
    private partial void LogLost(string budget);

    [LoggerMessage(Level = LogLevel.Information, Message = "The lease {Lease} of {Book} has lapsed; a fence was sent to end it.")]
    private partial void LogFenced(string lease, string book);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease {Lease} of {Book} has lapsed, and a fence could not be sent.")]
    private partial void LogNotFenced(string lease, string book, Exception fault);
}
