using System.Text.Json;
using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Service.Accounts.Merchants;
using Lava.Service.Accounts.SpendKeys;
using Lava.Service.Customers;
using Lava.Service.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Metering;
using Lava.Service.Metering.Booking;
using Lava.Service.Metering.Rollups;
using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Auditing;

/// <summary>Proves the books: every balance is the sum of its entries, every entry and the whole add up to zero, and every completed request was charged
/// exactly once where it was to be charged, and otherwise not at all. It only reads, and runs beside a server: what is booked after it began does not
/// count.</summary>
public sealed class Audit(
    ITableStore tables, MerchantStore merchants, CustomerStore customers, SpendKeyStore spendKeyStore, IMessageQueue queue, TimeProvider time)
{
    /// <summary>Audits everything.</summary>
    public async Task<AuditReport> RunAsync(CancellationToken cancellationToken)
    {
        var report = new AuditReport();
        await ReadAsync("the list of merchants", report, async () =>
        {
            await foreach (var merchant in merchants.ListAllAsync(cancellationToken))
            {
                foreach (var mode in new[] { Mode.Test, Mode.Live })
                {
                    var tenant = new Tenant(merchant.Id, mode);
                    await ReadAsync(tenant.Partition, report, () => AuditTenantAsync(tenant, report, cancellationToken));
                }
            }
        });
        await ReadAsync("the queues", report, () => DeadLetterAudit.CheckAsync(queue, report, cancellationToken));
        if (report.Sum != 0) report.Fault($"All accounts add up to {report.Sum} instead of zero.");
        return report;
    }

    /// <summary>Goes on past what cannot be read: a damaged page must not hide what is wrong, or right, elsewhere.</summary>
    private static async Task ReadAsync(string what, AuditReport report, Func<Task> read)
    {
        try
        {
            await read();
        }
        catch (Exception fault) when (fault is TableStoreException { IsTransient: false } or JsonException)
        {
            report.Fault($"{what}: it cannot be read. {fault.Message}");
        }
    }

    private async Task AuditTenantAsync(Tenant tenant, AuditReport report, CancellationToken cancellationToken)
    {
        var book = BookKey.Wallet(tenant);
        var wallet = await AuditBookAsync(book, Account.Wallet, static _ => false, report, cancellationToken);
        if (wallet is null) return;

        // What each customer must have been charged, by the requests of the merchant's book.
        var expected = new Dictionary<string, Dictionary<string, DueCharge>>(StringComparer.Ordinal);
        var sum = default(UsageSum);
        var spendKeys = new SpendKeyAudit(tables, spendKeyStore, time, tenant, report);
        await foreach (var row in BookScan.ReadAsync(tables, book, BookRows.CallPrefix, cancellationToken))
        {
            var request = Json.Read(row.Data, MeteringJson.Default.StoredRequest);
            var record = request.Record;
            report.Requests++;
            sum += DayRollups.SumOf(record, request.Charge?.Amount ?? 0);
            CheckCost(request, wallet, report);
            spendKeys.Expect(record);
            if (record.CustomerId is null || record.IsSwept) continue;
            if (!expected.TryGetValue(record.CustomerId, out var calls))
                expected[record.CustomerId] = calls = new Dictionary<string, DueCharge>(StringComparer.Ordinal);
            calls[record.Call] = new DueCharge(record is { IsBilled: true, IsError: false } ? request.Charge?.Amount ?? 0 : 0, record.IsReported);
        }

        await spendKeys.CheckAsync(cancellationToken);
        await CheckRollupsAsync(tenant, book, sum, wallet, report, cancellationToken);
        foreach (var call in wallet.Charged.Keys) report.Fault($"{book.Partition}: an entry charges the call {call}, which has no request.");
        await foreach (var customer in customers.ListEverAsync(tenant, cancellationToken))
        {
            var charges = expected.GetValueOrDefault(customer.Id) ?? [];
            expected.Remove(customer.Id);
            await ReadAsync(
                BookKey.Customer(tenant, customer.Id).Partition,
                report,
                () => AuditCustomerAsync(tenant, customer.Id, charges, report, cancellationToken));
        }

        foreach (var (customer, calls) in expected) report.Fault($"{tenant.Partition}: {calls.Count} requests name the customer {customer}, who never "
            + $"existed.");
    }

    private static void CheckCost(StoredRequest request, BookAudit wallet, AuditReport report)
    {
        var record = request.Record;
        var due = request.DueCost;
        var hasCharge = wallet.Charged.Remove(record.Call, out var charged);
        if (request.CostEntry > wallet.Sequence) return;
        if (due > 0 && !hasCharge) report.Fault($"The request {record.RequestId} cost {due} and was never taken from the wallet.");
        if (hasCharge && charged != due) report.Fault($"The request {record.RequestId} cost {due} and {charged} was taken from the wallet.");
    }

    private async Task AuditCustomerAsync(
        Tenant tenant,
        string customerId,
        Dictionary<string, DueCharge> expected,
        AuditReport report,
        CancellationToken cancellationToken)
    {
        var book = BookKey.Customer(tenant, customerId);

        // A call that is not booked on the merchant yet may have been reported.
        var audit = await AuditBookAsync(book, Account.Credits, call => !expected.TryGetValue(call, out var due) || due.IsReported, report, cancellationToken);
        foreach (var (call, (due, _)) in expected)
        {
            var hasCharge = audit is not null && audit.Charged.Remove(call, out var charged) && charged == due;
            if (due > 0 && !hasCharge) report.Fault($"The call {call} had to be charged {due} to {customerId} exactly once and was not.");
            if (due == 0 && audit?.Charged.Remove(call) == true) report.Fault($"The call {call} was charged to {customerId} although billing was off.");
        }

        // Booked on the customer, not yet on the merchant, or booked since this audit began.
        report.InFlight += audit?.Charged.Count ?? 0;
    }

    private async Task CheckRollupsAsync(
        Tenant tenant,
        BookKey book,
        UsageSum requests,
        BookAudit wallet,
        AuditReport report,
        CancellationToken cancellationToken)
    {
        var (sum, grouped, groups) = (default(UsageSum), default(UsageSum), default(UsageSum));
        await foreach (var row in BookScan.ReadAsync(tables, book, BookRows.DayPrefix, cancellationToken))
        {
            var day = Json.Read(row.Data, MeteringJson.Default.DayUsage);
            foreach (var quarter in day.Quarters.Values) sum += quarter;
            grouped += day.Grouped;
        }

        await foreach (var row in BookScan.ReadAsync(tables, book, BookRows.QuarterPrefix(UsageGroups.Calls), cancellationToken))
        {
            foreach (var group in Json.Read(row.Data, MeteringJson.Default.QuarterGroups).Groups.Values) groups += group.Sum;
        }

        // While calls are being booked the two are read at different moments; only a standing book can be compared.
        var head = await tables.GetAsync(TableNames.Books, book.Partition, BookRows.Head, cancellationToken);
        if (head?.ETag != wallet.ETag) return;
        if (sum != requests) report.Fault($"{tenant.Partition}: the days add up to {sum} and the requests to {requests}.");
        if (groups != grouped) report.Fault($"{tenant.Partition}: the groups add up to {groups} and their days to {grouped}.");
    }

    private async Task<BookAudit?> AuditBookAsync(
        BookKey book,
        string account,
        Func<string, bool> isReported,
        AuditReport report,
        CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(TableNames.Books, book.Partition, BookRows.Head, cancellationToken);
        if (row is null) return null;
        var head = Json.Read(row.Data, LedgerJson.Default.BookHead);
        var audit = new BookAudit(head.Sequence, row.ETag);
        var sums = new Dictionary<string, decimal>(StringComparer.Ordinal);
        var overdraft = new OverdraftAudit(account);
        var count = 0L;
        report.Books++;
        await foreach (var entryRow in BookScan.ReadAsync(tables, book, BookRows.EntryPrefix, cancellationToken))
        {
            var entry = Json.Read(entryRow.Data, LedgerJson.Default.Entry);
            if (entry.Sequence > head.Sequence) continue;
            count++;
            report.Entries++;
            overdraft.Take(entry, isReported);
            if (entry.Postings.Sum(posting => posting.Amount) != 0) report.Fault($"{book.Partition}: the entry {entry.Sequence} does not add up to zero.");
            foreach (var posting in entry.Postings) sums[posting.Account] = sums.GetValueOrDefault(posting.Account) + posting.Amount;
            if (entry.Calls.Count > 0 && entry.Calls.Sum(call => call.Amount) != -entry.Postings[0].Amount)
                report.Fault($"{book.Partition}: the calls of the entry {entry.Sequence} do not add up to it.");
            foreach (var call in entry.Calls)
            {
                if (!audit.Charged.TryAdd(call.Call, call.Amount)) report.Fault($"{book.Partition}: the call {call.Call} is charged twice.");
            }
        }

        if (overdraft.Overdrawn() is > 0 and var overdrawn) report.Fault($"{book.Partition}: calls took {overdrawn} more than there was of {account}.");
        if (head.Balance(account) < 0) report.Note($"{book.Partition}: {account} is {head.Balance(account)}.");
        if (count != head.Sequence) report.Fault($"{book.Partition}: it has {count} entries and counts {head.Sequence}.");
        foreach (var name in sums.Keys.Union(head.Accounts.Keys))
        {
            if (sums.GetValueOrDefault(name) != head.Balance(name))
                report.Fault($"{book.Partition}: {name} is {head.Balance(name)}, its entries come to {sums.GetValueOrDefault(name)}.");
        }

        var lots = head.Lots.Sum(lot => lot.Amount);
        if (lots != Math.Max(0, head.Balance(Account.Credits)))
            report.Fault($"{book.Partition}: the credits are {head.Balance(Account.Credits)}, their lots come to {lots}.");
        report.Sum += head.Accounts.Values.Sum();
        return audit;
    }

    /// <param name="Amount">What the customer must have been charged.</param>
    /// <param name="IsReported">Whether the merchant reported the call, which then had reserved nothing.</param>
    private readonly record struct DueCharge(decimal Amount, bool IsReported);

    private sealed record BookAudit(long Sequence, string ETag)
    {
        public Dictionary<string, decimal> Charged { get; } = new(StringComparer.Ordinal);
    }
}
