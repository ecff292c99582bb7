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
    public async ValueTask<Reservation?> TryReserveAsync(BookKey book, string account, decimal amount, CancellationToken cancellationToken)
    {
        if (amount <= 0) return Reservation.None;
        var lease = _leases.GetOrAdd(book.Partition, static (_, key) => new BudgetLease(key.book, key.account), (book, account));
        if (lease.TryTake(amount, time.GetUtcNow())) return new Reservation(lease, amount);
        await lease.Refill.WaitAsync(cancellationToken);
        try
        {
            // Another call may have refilled it meanwhile.
            if (lease.TryTake(amount, time.GetUtcNow())) return new Reservation(lease, amount);
            await RefillAsync(lease, amount, cancellationToken);
            return lease.TryTake(amount, time.GetUtcNow()) ? new Reservation(lease, amount) : null;
        }
        finally
        {
            lease.Refill.Release();
        }
    }

    /// <summary>A position in a meter's tiers that the book has reached, as far as this instance knows: it only grows, so it may be behind, never ahead.</summary>
    public decimal PositionOf(BookKey book, string meterId) => books.Known(book)?.Totals.GetValueOrDefault(meterId) ?? 0;

    /// <summary>Renews the leases in use and gives back the idle ones. Run every <see cref="RenewalPeriod"/>.</summary>
    public async ValueTask KeepAsync(CancellationToken cancellationToken)
    {
        foreach (var lease in _leases.Values)
        {
            if (time.GetUtcNow() - lease.LastUse > IdleTime) await GiveBackAsync(lease, cancellationToken);
            if (lease.Held > 0) await RenewAsync(lease, cancellationToken);
        }
    }

    /// <summary>Gives back everything free, when the instance stops.</summary>
    public async ValueTask StopAsync(CancellationToken cancellationToken)
    {
        foreach (var lease in _leases.Values) await GiveBackAsync(lease, cancellationToken);
    }

    private async ValueTask RefillAsync(BudgetLease lease, decimal amount, CancellationToken cancellationToken)
    {
        var granted = 0m;
        var now = time.GetUtcNow();
        var free = lease.Free(now);
        for (var fresh = false; ;)
        {
            var result = await books.ChangeAsync(lease.Book, (view, _) =>
            {
                granted = 0;
                fresh = view.IsFresh;
                if (view.Head is null) return ValueTask.FromResult<BookChange?>(null);
                var available = view.Head.Available(lease.Account, now);
                if (available + free < amount || available <= 0) return ValueTask.FromResult<BookChange?>(null);

                // A quarter of what is left, so that other instances find something; at least what this call needs, at most a good many calls.
                granted = Math.Min(available, Math.Max(amount - free, Math.Min(available / 4, amount * CallsAhead)));
                var head = Bookkeeping.ChangeLease(view.Head, instance.Id, granted, now + LeaseTime, now);
                return ValueTask.FromResult<BookChange?>(new BookChange(head, []));
            }, cancellationToken);

            if (result.Outcome == ChangeOutcome.Committed)
            {
                lease.Granted(granted, now + LeaseTime - Margin);
                return;
            }

            // No budget, by a head that this instance had in memory: ask the store before refusing.
            if (fresh) return;
            books.Forget(lease.Book);
        }
    }

    private async ValueTask GiveBackAsync(BudgetLease lease, CancellationToken cancellationToken)
    {
        await lease.Refill.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            var isLive = lease.Free(now) > 0;
            var free = lease.TakeFree();
            if (isLive && free > 0)
            {
                await books.ChangeAsync(
                    lease.Book,
                    (view, _) => ValueTask.FromResult<BookChange?>(
                        view.Head is null ? null : new BookChange(Bookkeeping.ChangeLease(view.Head, instance.Id, -free, null, now), [])),
                    cancellationToken);
            }

            if (lease.Held == 0 && now - lease.LastUse > IdleTime) _leases.TryRemove(KeyValuePair.Create(lease.Book.Partition, lease));
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
            var isOurs = true;
            var until = now + LeaseTime;
            await books.ChangeAsync(lease.Book, (view, _) =>
            {
                // Nor is it renewed where more is leased than there is: credits may have run out meanwhile.
                isOurs = view.Head?.Leases.GetValueOrDefault(instance.Id) is { } own && own.Until > now && view.Head.Available(lease.Account, now) >= 0;
                return ValueTask.FromResult<BookChange?>(
                    isOurs ? new BookChange(Bookkeeping.ChangeLease(view.Head!, instance.Id, 0, until, now), []) : null);
            }, cancellationToken);
            if (isOurs) lease.Granted(0, until - Margin);
            else lease.Lost();
        }
        finally
        {
            lease.Refill.Release();
        }
    }
}
