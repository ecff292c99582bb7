using System.Globalization;
using Lava.Core.Keys;
using Lava.Service.Ledger.Books;
using Lava.Service.Metering;
using Lava.Service.Metering.Rollups;
using Lava.Service.Ports.Tables;
using Lava.Service.Reporting.Requests;
using Lava.Service.Storage;

namespace Lava.Service.Reporting.UsageReports;

/// <summary>Sums usage by hour, day or month. Whole quarters of an hour come from the roll-ups, a row a day; the ragged ends of a range, and ranges filtered by
/// metadata, are summed from the requests themselves.</summary>
internal sealed class UsageReport(ITableStore tables, UsageCalls calls, TimeProvider time)
{
    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

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
            var (from, to) = range.WholeQuarters(time.GetUtcNow());
            if (filter.Pairs.Count > 0 || from >= to || !range.HasWholeQuarters)
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
        if (filter.Pairs.Count == 0)
        {
            await foreach (var request in calls.ReadAsync(tenant, filter, from, to, cancellationToken))
                spans.Add(request.Record.CreatedAt, DayRollups.SumOf(request.Record, request.Charge?.Amount ?? 0));
            return;
        }

        var partition = RequestIndex.ByPair(tenant, filter.Pairs[0].Key, filter.Pairs[0].Value);
        var range = UsageCalls.RangeOf("", filter, from, to);
        var hashes = filter.Pairs.Select(pair => MetadataPairs.Hash(pair.Key, pair.Value)).ToList();
        while (true)
        {
            var rows = await tables.QueryAsync(TableNames.RequestIndex, partition, range, TableLimits.MaxPage, cancellationToken);
            foreach (var row in rows)
            {
                var call = Json.Read(row.Data, MeteringJson.Default.IndexedCall);
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

    private static string DayText(DateTime date) => date.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

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
