using System.Globalization;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Ledger.Books;
using Lava.Service.Metering;
using Lava.Service.Metering.Booking;
using Lava.Service.Metering.Rollups;
using Lava.Service.Ports.Tables;
using Lava.Service.Reporting.Requests;
using Lava.Service.Storage;

namespace Lava.Service.Reporting.UsageReports;

/// <summary>Sums usage by hour, day or month. Whole quarters of an hour come from the roll-ups, a row a day; the ragged ends of a range, and ranges filtered by
/// metadata, are summed from the requests themselves.</summary>
internal sealed class UsageReport(ITableStore tables, TimeProvider time)
{
    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    /// <summary>How long ago an end still counts as now.</summary>
    private static readonly TimeSpan ClockLeeway = TimeSpan.FromSeconds(1);

    /// <summary>Sums what matches, by spans in the zone of the range's start; spans without requests included.</summary>
    public async ValueTask<IReadOnlyList<(DateTimeOffset Span, UsageSum Sum)>> SumAsync(
        Tenant tenant,
        RequestFilter filter,
        UsageRange range,
        CancellationToken cancellationToken)
    {
        var spans = new Spans(range);
        if (!filter.IsEmpty)
        {
            // Quarters that lie whole inside the range; an offset is a whole number of quarters everywhere on Earth.
            var from = CeilingToQuarter(range.Start);

            // A range that ends now ends with all there is: the quarter under way needs no counting call by call.
            var to = range.End >= time.GetUtcNow() - ClockLeeway ? CeilingToQuarter(range.End.AddTicks(1)) : FloorToQuarter(range.End.AddTicks(1));
            if (filter.Pairs.Count > 0 || from >= to || range.Start.Offset.Ticks % Quarter.Ticks != 0)
            {
                await AddCallsAsync(tenant, filter, range.Start, range.End, spans, cancellationToken);
            }
            else
            {
                if (range.Start < from) await AddCallsAsync(tenant, filter, range.Start, from.AddTicks(-1), spans, cancellationToken);
                await AddRollupsAsync(tenant, filter, from, to, spans, cancellationToken);
                if (range.End >= to) await AddCallsAsync(tenant, filter, to, range.End, spans, cancellationToken);
            }
        }

        return spans.Sums;
    }

    private async ValueTask AddRollupsAsync(
        Tenant tenant,
        RequestFilter filter,
        DateTimeOffset from,
        DateTimeOffset to,
        Spans spans,
        CancellationToken cancellationToken)
    {
        var book = filter.CustomerId is null ? BookKey.Wallet(tenant) : BookKey.Customer(tenant, filter.CustomerId);
        var prefix = filter.MeterId is null ? BookRows.DayPrefix : BookRows.MeterDayPrefix(filter.MeterId);
        var range = new KeyRange(prefix + DayText(from.UtcDateTime), prefix + DayText(to.UtcDateTime) + "~");
        foreach (var row in await tables.QueryAsync(TableNames.Books, book.Partition, range, TableLimits.MaxPage, cancellationToken))
        {
            var date = DateTime.ParseExact(row.Key.AsSpan(prefix.Length), "yyyyMMdd", CultureInfo.InvariantCulture);
            foreach (var (quarter, sum) in Json.Read(row.Data, MeteringJson.Default.DayUsage).Quarters)
            {
                var at = new DateTimeOffset(date, TimeSpan.Zero) + (quarter * Quarter);
                if (at >= from && at < to) spans.Add(at, sum);
            }
        }
    }

    private async ValueTask AddCallsAsync(
        Tenant tenant,
        RequestFilter filter,
        DateTimeOffset from,
        DateTimeOffset to,
        Spans spans,
        CancellationToken cancellationToken)
    {
        // Newest first: mirrored keys run backwards in time.
        // A test clock's time is not the one in the ids of the gateway's calls, so all of them are looked at for a customer that lives by one.
        var newest = filter.IsClocked ? "" : Ulid.Mirror(Ulid.Create(to.AddMilliseconds(1), new byte[10]));
        var oldest = filter.IsClocked ? "" : Ulid.Mirror(Ulid.Create(from, new byte[10]));
        var isIndexed = filter.Pairs.Count > 0;
        var prefix = isIndexed ? "" : BookRows.CallPrefix;
        var table = isIndexed ? TableNames.RequestIndex : TableNames.Books;
        var partition = isIndexed ? RequestIndex.ByPair(tenant, filter.Pairs[0].Key, filter.Pairs[0].Value) : BookKey.Wallet(tenant).Partition;
        var range = new KeyRange(prefix + newest, prefix + oldest + "~");
        var hashes = filter.Pairs.Select(pair => MetadataPairs.Hash(pair.Key, pair.Value)).ToList();
        while (true)
        {
            var rows = await tables.QueryAsync(table, partition, range, TableLimits.MaxPage, cancellationToken);
            foreach (var row in rows)
            {
                var call = isIndexed ? Json.Read(row.Data, MeteringJson.Default.IndexedCall) : Indexed(Json.Read(row.Data, MeteringJson.Default.StoredRequest));
                if (call.At < from || call.At > to) continue;
                if (filter.CustomerId is not null && call.CustomerId != filter.CustomerId) continue;
                if (filter.MeterId is not null && call.MeterId != filter.MeterId) continue;
                if (hashes.Count > 1 && !hashes.All(call.Pairs.Contains)) continue;
                spans.Add(call.At, call.Sum);
            }

            if (rows.Count < TableLimits.MaxPage) return;
            range = range.After(rows[^1].Key);
        }
    }

    private static IndexedCall Indexed(StoredRequest request) =>
        new(request.Record.CreatedAt, request.Record.CustomerId, request.Record.MeterId, [], DayRollups.SumOf(request.Record, request.Charge?.Amount ?? 0));

    private static string DayText(DateTime date) => date.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static DateTimeOffset FloorToQuarter(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % Quarter.Ticks), TimeSpan.Zero);

    private static DateTimeOffset CeilingToQuarter(DateTimeOffset time) => FloorToQuarter(time.AddTicks(Quarter.Ticks - 1));

    /// <summary>The sums of a range's spans.</summary>
    private sealed class Spans
    {
        private readonly UsageRange _range;
        private readonly SortedDictionary<DateTimeOffset, UsageSum> _sums = [];

        public Spans(UsageRange range)
        {
            _range = range;
            for (var span = range.SpanOf(range.Start); span <= range.End; span = range.After(span)) _sums[span] = default;
        }

        public IReadOnlyList<(DateTimeOffset Span, UsageSum Sum)> Sums => [.. _sums.Select(entry => (entry.Key, entry.Value))];

        public void Add(DateTimeOffset at, UsageSum sum)
        {
            var span = _range.SpanOf(at);
            _sums[span] = _sums.GetValueOrDefault(span) + sum;
        }
    }
}
