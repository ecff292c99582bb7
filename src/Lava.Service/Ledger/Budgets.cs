using System.Collections.Concurrent;
using Lava.Core.Ledger;

namespace Lava.Service.Ledger;

/// <summary>Reserves what calls may cost, before they are sent. An instance holds a lease of each budget in use and reserves from it in memory; the store is
/// asked only when the lease is short, and the sum of all leases never exceeds what is left, so the limit holds on any number of instances.</summary>
public sealed class Budgets(Books books, Instance instance, TimeProvider time)
{
    /// <summary>How long a lease runs without being renewed. An instance that dies holds its budgets no longer than this.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(60);

    /// <summary>How often leases are looked at; one is renewed when half its time is over.</summary>
    public static readonly TimeSpan RenewalPeriod = TimeSpan.FromSeconds(5);

    /// <summary>After this long without a reservation an instance gives back what it has free.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);

    /// <summary>A lease is not used in its last seconds, so that clocks of instances may differ by as much.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    /// <summary>How many calls of the size asked for a lease should last, if the budget allows.</summary>
    private const int CallsAhead = 256;

    private readonly ConcurrentDictionary<string, BudgetLease> _leases = new(StringComparer.Ordinal);

    /// <summary>Reserves an amount of an account of a book; null when the budget does not have it.</summary>
    /// <param name="book">The book; it must exist.</param>
    /// <param name="account">Its account of value.</param>
    /// <param name="amount">What the call may cost at the most, never negative; 0 asks only that the account is not overdrawn by a price.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    public ValueTask<Reservation?> TryReserveAsync(BookKey book, string account, decimal amount, CancellationToken cancellationToken) =>
        TryReserveAsync(_leases.TryGetValue(book.Partition, out var lease) ? lease.Budget : new AccountBudget(book, account), amount, cancellationToken);

    /// <summary>Reserves an amount of a budget; null when the budget does not have it.</summary>
    /// <param name="budget">The budget. Where its limit differs from what it was, nothing is reserved of what was leased before.</param>
    /// <param name="amount">How much, never negative.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    public async ValueTask<Reservation?> TryReserveAsync(Budget budget, decimal amount, CancellationToken cancellationToken)
    {
        if (amount <= 0) return Reservation.None;
        while (true)
        {
            var lease = _leases.GetOrAdd(budget.Id, static (_, made) => new BudgetLease(made.budget, made.time), (budget, time));
            if (lease.TryTake(budget, amount, time.GetUtcNow())) return new Reservation(lease, amount);
            await lease.Refill.WaitAsync(cancellationToken);
            try
            {
                // Dropped as idle just now: the next round makes another.
                if (lease.IsRetired) continue;

                // Another call may have refilled it meanwhile.
                if (lease.TryTake(budget, amount, time.GetUtcNow())) return new Reservation(lease, amount);
                await RefillAsync(lease, budget, amount, cancellationToken);
                return lease.TryTake(budget, amount, time.GetUtcNow()) ? new Reservation(lease, amount) : null;
            }
            finally
            {
                lease.Refill.Release();
            }
        }
    }

    /// <summary>A book's head as this instance last knew it; null where it knows none. After a refusal it is the one that the refusal rests on, or a newer one.</summary>
    public BookHead? Known(BookKey book) => books.Known(book);

    /// <summary>Whether a lease is this instance's.</summary>
    public bool IsOwnLease(string leaseId) => leaseId.StartsWith(instance.Id, StringComparison.Ordinal);

    /// <summary>A position in a meter's tiers that the book has reached, as far as this instance knows: it only grows, so it may be behind, never ahead.</summary>
    public decimal PositionOf(BookKey book, string meterId) => books.Known(book)?.Totals.GetValueOrDefault(meterId) ?? 0;

    /// <summary>Renews the leases in use and gives back the idle ones. Run every <see cref="RenewalPeriod"/>.</summary>
    public async ValueTask KeepAsync(CancellationToken cancellationToken)
    {
        foreach (var lease in _leases.Values)
        {
            if (time.GetUtcNow() - lease.LastUse > IdleTime) await GiveBackAsync(lease, cancellationToken);
            if (lease.IsNeeded(time.GetUtcNow())) await RenewAsync(lease, cancellationToken);
        }
    }

    /// <summary>Gives back everything free, when the instance stops.</summary>
    public async ValueTask StopAsync(CancellationToken cancellationToken)
    {
        foreach (var lease in _leases.Values) await GiveBackAsync(lease, cancellationToken);
    }

    private async ValueTask RefillAsync(BudgetLease lease, Budget budget, decimal amount, CancellationToken cancellationToken)
    {
        var granted = 0m;
        var now = time.GetUtcNow();
        var free = lease.Free(now);
        var dues = lease.Dues;
        for (var fresh = false; ;)
        {
            var result = await books.ChangeAsync(budget.Book, (view, _) =>
            {
                granted = 0;
                fresh = view.IsFresh;
                if (view.Head is null && !budget.OpensBook) return ValueTask.FromResult<BookChange?>(null);
                var head = budget.Change(view.Head ?? new BookHead(), instance.Id, dues, null, now);
                var available = budget.Available(head, now);
                if (available + free < amount || available <= 0) return ValueTask.FromResult<BookChange?>(null);

                // A quarter of what is left, so that other instances find something; at least what this call needs, at most a good many calls.
                granted = budget.Share(available, amount - free, amount * CallsAhead);
                head = budget.Change(head, instance.Id, new LeaseMove(granted), now + LeaseTime, now);
                return ValueTask.FromResult<BookChange?>(new BookChange(head, []));
            }, cancellationToken);

            if (result.Outcome == ChangeOutcome.Committed)
            {
                lease.Paid(dues);
                lease.Granted(granted, now + LeaseTime - Margin);
                return;
            }

            // No budget, by a head that this instance had in memory: ask the store before refusing.
            if (fresh) return;
            books.Forget(budget.Book);
        }
    }

    private async ValueTask GiveBackAsync(BudgetLease lease, CancellationToken cancellationToken)
    {
        await lease.Refill.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            lease.RetireFree();
            var dues = lease.Dues;
            var budget = lease.Budget;
            if (dues.Returned > 0 || dues.Used > 0)
            {
                await books.ChangeAsync(
                    budget.Book,
                    (view, _) => ValueTask.FromResult<BookChange?>(
                        view.Head is null || budget.LeaseOf(view.Head, instance.Id, now) is null ? null : new BookChange(budget.Change(view.Head, instance.Id, dues, null, now), [])),
                    cancellationToken);
                lease.Paid(dues);
            }

            if (now - lease.LastUse > IdleTime && !lease.IsNeeded(now)) lease.IsRetired = _leases.TryRemove(KeyValuePair.Create(budget.Id, lease));
        }
        finally
        {
            lease.Refill.Release();
        }
    }

    private async ValueTask RenewAsync(BudgetLease lease, CancellationToken cancellationToken)
    {
        await lease.Refill.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            if (lease.Until - now > LeaseTime / 2) return;
            var (stored, isOurs) = (default(Lease), false);
            var dues = lease.Dues;
            var budget = lease.Budget;
            var until = now + LeaseTime;
            await books.ChangeAsync(budget.Book, (view, _) =>
            {
                // Nor is it renewed where more is leased than there is: credits may have run out meanwhile.
                stored = null;
                isOurs = view.Head is not null && budget.LeaseOf(view.Head, instance.Id, now) is not null;
                if (!isOurs || budget.Available(view.Head!, now) < 0) return ValueTask.FromResult<BookChange?>(null);
                var head = budget.Change(view.Head!, instance.Id, dues, until, now);
                stored = budget.LeaseOf(head, instance.Id, now) ?? new Lease(0, until);
                return ValueTask.FromResult<BookChange?>(new BookChange(head, []));
            }, cancellationToken);
            if (stored is null)
            {
                // What is not lost may no longer be reserved from, and is given back with the next change.
                if (isOurs) lease.RetireFree();
                else lease.Lost();
                return;
            }

            lease.Paid(dues);
            lease.Renewed(stored.Amount, until - Margin);
        }
        finally
        {
            lease.Refill.Release();
        }
    }
}
