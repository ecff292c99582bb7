using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.SpendKeys;
using Lava.Service.Accounts.SpendKeys;
using Lava.Service.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Metering;
using Lava.Service.Metering.Records;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Auditing;

/// <summary>Proves that each request of a spend key was counted on the key exactly once, with what it cost, and that the key's usage is the sum of its
/// counts.</summary>
internal sealed class SpendKeyAudit(ITableStore tables, SpendKeyStore store, TimeProvider time, Tenant tenant, AuditReport report)
{
    private readonly Dictionary<string, Dictionary<string, UsageRecord>> _expected = new(StringComparer.Ordinal);

    /// <summary>Takes a request of the merchant's book.</summary>
    public void Expect(UsageRecord record)
    {
        if (record.SpendKeyId is null) return;
        if (!_expected.TryGetValue(record.SpendKeyId, out var calls))
            _expected[record.SpendKeyId] = calls = new Dictionary<string, UsageRecord>(StringComparer.Ordinal);
        calls[record.Call] = record;
    }

    /// <summary>Checks every key that has requests.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        foreach (var (key, calls) in _expected) await CheckAsync(key, calls, cancellationToken);
    }

    private async Task CheckAsync(string key, Dictionary<string, UsageRecord> calls, CancellationToken cancellationToken)
    {
        var book = BookKey.SpendKey(tenant, key);
        var before = await tables.GetAsync(TableNames.Books, book.Partition, BookRows.Head, cancellationToken);
        var (spend, count) = (0m, 0L);
        await foreach (var row in BookScan.ReadAsync(tables, book, BookRows.CallPrefix, cancellationToken))
        {
            var stored = Json.Read(row.Data, MeteringJson.Default.StoredSpend);
            spend += stored.Spend;
            count++;

            // What has no request is counted on the key and not yet on its merchant, or was counted since this audit began.
            if (!calls.Remove(Ulid.Mirror(row.Key.AsSpan(BookRows.CallPrefix.Length)), out var record)) report.InFlight++;
            else if (!record.IsSwept && stored.Spend != (record.IsError ? 0 : record.Cost))
                report.Fault($"{book.Partition}: the call {record.Call} cost {record.Cost} and is counted with {stored.Spend}.");
        }

        foreach (var call in calls.Keys) report.Fault($"{book.Partition}: the call {call} is not counted.");
        var after = await tables.GetAsync(TableNames.Books, book.Partition, BookRows.Head, cancellationToken);

        // While calls are being counted the two are read at different moments; only a standing book can be compared.
        if (after is null || after.ETag != before?.ETag) return;
        var usage = Json.Read(after.Data, LedgerJson.Default.BookHead).Usage;
        if (usage is null || usage.TotalSpend != spend || usage.TotalRequests != count)
            report.Fault($"{book.Partition}: {count} calls come to {spend}, the key's usage is {usage?.TotalRequests} and {usage?.TotalSpend}.");
        if (usage is not null && await store.FindAsync(tenant, key, cancellationToken) is var (found, _)) NoteLimits(found, usage);
    }

    // A limit may have been lowered below what was used, so this is no fault.
    private void NoteLimits(SpendKey key, SpendKeyUsage usage)
    {
        var now = time.GetUtcNow();
        if (key.SpendLimit is { } money && usage.SpendIn(money.Cycle, now) is var spent && spent > money.Amount)
            report.Note($"The spend key {key.Id} has spent {spent} of {money.Amount} ({SpendKeyFields.Word(money.Cycle)}).");
        if (key.RequestLimit is { } calls && usage.RequestsIn(calls.Cycle, now) is var made && made > calls.Count)
            report.Note($"The spend key {key.Id} has made {made} of {calls.Count} calls ({SpendKeyFields.Word(calls.Cycle)}).");
    }
}
