using Lava.Core.Billing;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Service.Api.Lists;
using Lava.Service.Billing.Subscriptions;
using Lava.Service.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Billing.Books;

/// <summary>Reads and changes customers' subscriptions with their credits, in one transaction of the customer's book.</summary>
public sealed class BillingBooks(BookStore books, ITableStore tables, TimeProvider time)
{
    private readonly TimedCache<(Tenant, string), BillingState> _kept = new(time, TimeSpan.FromSeconds(5), 50_000);

    /// <summary>A customer's billing as it is; null where the book is not open.</summary>
    public async ValueTask<BillingState?> ReadAsync(Tenant tenant, string customerId, CancellationToken cancellationToken)
    {
        var rows = await tables.QueryAsync(
            TableNames.Books,
            BookKey.Customer(tenant, customerId).Partition,
            KeyRange.Prefix(BookRows.HeadPrefix),
            2,
            cancellationToken);
        if (rows.Count < 2) return null;
        return new BillingState(Json.Read(rows[0].Data, LedgerJson.Default.BookHead), Json.Read(rows[1].Data, BillingJson.Default.Subscription));
    }

    /// <summary>A customer's billing as it was at most a few seconds ago; never an older subscription than this instance has written.</summary>
    public async ValueTask<BillingState?> ReadCachedAsync(Tenant tenant, string customerId, CancellationToken cancellationToken)
    {
        if (_kept.TryGet((tenant, customerId), out var kept)) return kept;
        var mark = _kept.Mark;
        var state = await ReadAsync(tenant, customerId, cancellationToken);
        if (state is not null) _kept.Set((tenant, customerId), state, mark);
        return state;
    }

    /// <summary>A subscription of a customer that has ended; null where there is none.</summary>
    public async ValueTask<Subscription?> ReadEndedAsync(Tenant tenant, string customerId, string subscriptionId, CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(
            TableNames.Books,
            BookKey.Customer(tenant, customerId).Partition,
            BookRows.Ended(Mirror(subscriptionId)),
            cancellationToken);
        return row is null ? null : Json.Read(row.Data, BillingJson.Default.Subscription);
    }

    /// <summary>A customer's ended subscriptions, newest first; up to one more than the page's limit. Null where the cursor is none of this list.</summary>
    public async ValueTask<IReadOnlyList<Subscription>?> ListEndedAsync(Tenant tenant, string customerId, ListQuery page, CancellationToken cancellationToken)
    {
        var rows = await RowPaging.ReadAsync(
            tables,
            TableNames.Books,
            BookKey.Customer(tenant, customerId).Partition,
            BookRows.EndedPrefix,
            SubscriptionIndex.Prefix,
            tenant.Mode,
            page,
            cancellationToken);
        return rows is null ? null : [.. rows.Select(row => Json.Read(row.Data, BillingJson.Default.Subscription))];
    }

    /// <summary>Whether a payment is booked for a customer.</summary>
    public async ValueTask<bool> IsPaidAsync(BillingOwner owner, string paymentId, CancellationToken cancellationToken) =>
        Id.TryGetUlid(paymentId, "pay", owner.Tenant.Mode, out _)
            && await tables.GetAsync(TableNames.Books, owner.Book.Partition, BookRows.Paid(paymentId), cancellationToken) is not null;

    /// <summary>A customer's booked payments, newest first; up to one more than the page's limit. Null where the cursor is none of this list.</summary>
    public async ValueTask<IReadOnlyList<(string PaymentId, BookedPayment? Payment)>?> ListPaidAsync(
        Tenant tenant,
        string customerId,
        ListQuery page,
        CancellationToken cancellationToken)
    {
        // Oldest first in the store. A customer pays a few times a month, so all of them are a few reads at most.
        var partition = BookKey.Customer(tenant, customerId).Partition;
        var range = KeyRange.Prefix(BookRows.Paid("pay_"));
        var rows = new List<TableRow>();
        for (var isLast = false; !isLast;)
        {
            var read = await tables.QueryAsync(TableNames.Books, partition, range, TableLimits.MaxPage, cancellationToken);
            rows.AddRange(read);
            isLast = read.Count < TableLimits.MaxPage;
            if (!isLast) range = range.After(read[^1].Key);
        }

        rows.Reverse();
        var from = page.Cursor is null ? 0 : rows.FindIndex(row => row.Key == BookRows.Paid(page.Cursor)) + 1;
        if (page.Cursor is not null && from == 0) return null;
        return [.. rows.Skip(from).Take(page.Limit + 1).Select(row => (row.Key[BookRows.Paid("").Length..], ReadPaid(row)))];
    }

    /// <summary>How much of a booked payment was given back, and how much a bank has taken back because of a dispute, US dollars.</summary>
    public async ValueTask<(decimal GivenBack, decimal Disputed)> ReadTakenBackAsync(
        Tenant tenant,
        string customerId,
        string paymentId,
        CancellationToken cancellationToken)
    {
        var partition = BookKey.Customer(tenant, customerId).Partition;
        var given = tables.GetAsync(TableNames.Books, partition, BookRows.GivenBack(paymentId), cancellationToken).AsTask();
        var disputed = tables.GetAsync(TableNames.Books, partition, BookRows.CardDisputed(paymentId), cancellationToken).AsTask();
        return (AmountOf(await given), AmountOf(await disputed));

        static decimal AmountOf(TableRow? row) => row is null ? 0 : Json.Read(row.Data, BillingJson.Default.Decimal);
    }

    /// <summary>When a checkout session was completed for a customer; null where it was not.</summary>
    public async ValueTask<DateTimeOffset?> CheckedOutAtAsync(BillingOwner owner, string sessionId, CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(TableNames.Books, owner.Book.Partition, BookRows.Checkout(sessionId), cancellationToken);
        return row is null ? null : Json.Read(row.Data, BillingJson.Default.DateTimeOffset);
    }

    /// <summary>Changes a customer's billing in one transaction, with the rows that say what is to be done because of it.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="at">When it is booked.</param>
    /// <param name="change">Makes the change from what is there (null where the book is not open), or returns null to leave it. It may run several times and
    /// must have no effect of its own.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns>The billing afterwards; null where it was left as it is.</returns>
    public ValueTask<BillingState?> ChangeAsync(
        BillingOwner owner,
        DateTimeOffset at,
        Func<BookEdit, Subscription?, BillingChange?> change,
        CancellationToken cancellationToken) =>
        ChangeAsync(owner, at, null, (edit, before, _) => change(edit, before), cancellationToken);

    /// <summary>The same with another row of the book, each of whose changes goes with a change of the head.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="at">When it is booked.</param>
    /// <param name="rowKey">The row; null for none.</param>
    /// <param name="change">Makes the change from what is there, the row's data included (null where there is none).</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    public async ValueTask<BillingState?> ChangeAsync(
        BillingOwner owner,
        DateTimeOffset at,
        string? rowKey,
        Func<BookEdit, Subscription?, ReadOnlyMemory<byte>?, BillingChange?> change,
        CancellationToken cancellationToken)
    {
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            var isFresh = true;
            BillingState? state = null;
            var result = await books.ChangeAsync(owner.Book, async (view, token) =>
            {
                isFresh = view.IsFresh;
                var row = await view.ReadGuardedRowAsync(BookRows.Subscription, token);
                var edit = new BookEdit(view.Head ?? new BookHead { TestClockId = owner.ClockId }, at);
                var other = rowKey is null ? null : await view.ReadGuardedRowAsync(rowKey, token);
                if (change(edit, row is null ? null : Json.Read(row.Value, BillingJson.Default.Subscription), other) is not { } changed) return null;
                state = new BillingState(edit.Head, changed.Subscription);
                return new BookChange(edit.Head, Writes(edit, changed, time.GetUtcNow()));
            }, cancellationToken);
            if (result.Outcome == ChangeOutcome.Committed)
            {
                _kept.Remove((owner.Tenant, owner.CustomerId));
                return state;
            }

            // A payment that is booked already, or a refusal that rests on the store and not on memory.
            if (result.Outcome == ChangeOutcome.Duplicate || isFresh) return null;
            books.Forget(owner.Book);
        }
    }

    private static List<TableWrite> Writes(BookEdit edit, BillingChange change, DateTimeOffset now)
    {
        var writes = new List<TableWrite> { TableWrite.Put(BookRows.Subscription, Json.Write(change.Subscription, BillingJson.Default.Subscription)) };
        if (change.PaymentId is not null)
            writes.Add(TableWrite.Insert(BookRows.Paid(change.PaymentId), Json.Write(PaidOf(edit, change.PaymentId), BillingJson.Default.BookedPayment)));
        if (change.CheckoutId is not null)
            writes.Add(TableWrite.Insert(BookRows.Checkout(change.CheckoutId), Json.Write(now, BillingJson.Default.DateTimeOffset)));
        if (change.Ended is not null)
            writes.Add(TableWrite.Insert(BookRows.Ended(Mirror(change.Ended.Id)), Json.Write(change.Ended, BillingJson.Default.Subscription)));
        foreach (var entry in edit.Entries) writes.Add(TableWrite.Insert(BookRows.Entry(entry.Sequence), Json.Write(entry, LedgerJson.Default.Entry)));
        writes.AddRange(change.Rows);
        if (change.Outbox.Count > 0)
            writes.Add(TableWrite.Insert(BookRows.Outbox(Ulid.Create(now)), Json.Write(change.Outbox, BillingJson.Default.IReadOnlyListOutboxItem)));
        return writes;
    }

    // Payments that were booked before their amounts were kept have an empty row.
    private static BookedPayment? ReadPaid(TableRow row) =>
        Json.Read(row.Data, BillingJson.Default.BookedPayment) is { Entry: > 0 } payment ? payment : null;

    private static BookedPayment PaidOf(BookEdit edit, string paymentId)
    {
        var entry = edit.Entries.First(entry => entry.Reason == EntryReason.CardCharge && entry.Cause == paymentId);
        return new BookedPayment(entry.Sequence, -entry.Postings.First(posting => posting.Account == Account.Payments).Amount, entry.At);
    }

    private static string Mirror(string id) => Ulid.Mirror(id.AsSpan(id.Length - Ulid.Length));
}
