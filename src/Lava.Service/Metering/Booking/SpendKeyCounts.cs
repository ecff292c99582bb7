using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Core.SpendKeys;
using Lava.Service.Ledger.Books;
using Lava.Service.Metering.Records;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Metering.Booking;

/// <summary>Counts calls on the spend key that made them: its usage, the calls' markers and what they had reserved of its limits in one transaction of the
/// key's book.</summary>
internal sealed class SpendKeyCounts(BookStore books, ITableStore tables)
{
    /// <summary>Beside a row for each call goes the head.</summary>
    private const int MaxCalls = TableLimits.MaxWrites - 1;

    private readonly BookOnce _once = new(books, tables);

    /// <summary>Counts each call once, whatever was delivered before.</summary>
    public async Task CountAsync(Tenant tenant, string spendKeyId, IReadOnlyList<UsageRecord> records, CancellationToken cancellationToken)
    {
        var book = BookKey.SpendKey(tenant, spendKeyId);
        foreach (var chunk in records.Chunk(MaxCalls))
        {
            var swept = new Dictionary<string, string>(StringComparer.Ordinal);
            await _once.BookAsync(
                book,
                [.. chunk],
                Marker,
                (view, open, _) => ValueTask.FromResult<BookChange?>(Build(view, open, swept)),
                (record, marker) =>
                {
                    if (!Json.Read(marker.Data, MeteringJson.Default.StoredSpend).IsSwept || record.IsSwept) return true;

                    // The sweep counted the call and its record came after all: what it cost is still to be added, once.
                    swept[record.Call] = marker.ETag;
                    return false;
                },
                cancellationToken);
        }
    }

    private static BookChange Build(BookView view, List<UsageRecord> records, Dictionary<string, string> swept)
    {
        var head = view.Head ?? new BookHead();
        var usage = head.Usage ?? SpendKeyUsage.None;
        var leases = new LeaseUse(head);
        var writes = new List<TableWrite>(records.Count);
        foreach (var record in records)
        {
            // The provider's cost counts whoever's key paid it.
            var spend = record.IsError ? 0 : record.Cost;
            var isCounted = swept.TryGetValue(record.Call, out var etag);
            usage = usage.Add(spend, isCounted ? 0 : 1, record.CreatedAt);
            leases.Add(record.SpendHolder ?? record.Instance, record.ReservedSpend, record.SpendBudget);
            if (record.RequestBudget is not null) leases.Add(record.RequestHolder ?? record.Instance, 1, record.RequestBudget);
            var data = Json.Write(new StoredSpend(spend, record.IsSwept), MeteringJson.Default.StoredSpend);
            writes.Add(isCounted ? TableWrite.Replace(Marker(record), data, etag!) : TableWrite.Insert(Marker(record), data));
        }

        return new BookChange(leases.TakeOff(head with { Usage = usage }), writes);
    }

    private static string Marker(UsageRecord record) => BookRows.Call(Ulid.Mirror(record.Call));
}
