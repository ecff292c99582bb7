using System.Globalization;
using Lava.Core.Keys;
using Lava.Service.Ledger.Books;
using Lava.Service.Metering;
using Lava.Service.Metering.Rollups;
using Lava.Service.Ports.Tables;
using Lava.Service.Reporting.Requests;
using Lava.Service.Storage;

namespace Lava.Service.Reporting.UsageReports;

/// <summary>Sums usage by spans and groups, with errors and latency: from the roll-ups of whole quarters of an hour, and from the requests themselves at the
/// ragged ends of a range.</summary>
internal sealed class GroupedUsage(ITableStore tables, UsageCalls calls, TimeProvider time)
{
    /// <summary>The days of one read: a quarter has a row, and a page of a query 1,000.</summary>
    private static readonly TimeSpan Slice = TimeSpan.FromDays(10);

    /// <summary>Sums what matches.</summary>
    public async ValueTask<Dictionary<(DateTimeOffset Span, UsageGroup Group), GroupSum>> SumAsync(
        Tenant tenant,
        RequestFilter filter,
        UsageGrouping grouping,
        UsageRange range,
        CancellationToken cancellationToken)
    {
        var sums = new Dictionary<(DateTimeOffset, UsageGroup), GroupSum>();
        if (filter.IsEmpty) return sums;
        var (from, to) = range.WholeQuarters(time.GetUtcNow());
        if (from >= to || !range.HasWholeQuarters)
        {
            await AddCallsAsync(range.Start, range.End);
            return sums;
        }

        if (range.Start < from) await AddCallsAsync(range.Start, from.AddTicks(-1));
        if (range.End >= to) await AddCallsAsync(to, range.End);
        var slices = new List<(DateTimeOffset From, DateTimeOffset To)>();
        for (var begin = from; begin < to; begin += Slice) slices.Add((begin, begin + Slice < to ? begin + Slice : to));
        await Parallel.ForEachAsync(slices, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken }, AddRollupsAsync);
        return sums;

        async ValueTask AddRollupsAsync((DateTimeOffset From, DateTimeOffset To) slice, CancellationToken token)
        {
            // A customer's own book has its calls by model and key. The name is the same for all of them where it is asked by customer.
            var (book, rows, nameOf) = (BookKey.Wallet(tenant), grouping.Rows, grouping.NameOf);
            if (filter.CustomerId is { } customer)
            {
                (book, rows) = (BookKey.Customer(tenant, customer), UsageGroups.Calls);
                if (grouping.Rows == UsageGroups.Customers) nameOf = _ => customer;
            }

            var prefix = BookRows.QuarterPrefix(rows);
            var found = await tables.QueryAsync(
                TableNames.Books,
                book.Partition,
                new KeyRange(prefix + BookRows.Quarter(slice.From), prefix + BookRows.Quarter(slice.To)),
                TableLimits.MaxPage,
                token);
            lock (sums)
            {
                foreach (var row in found)
                {
                    var at = DateTime.ParseExact(row.Key.AsSpan(prefix.Length), "yyyyMMddHHmm", CultureInfo.InvariantCulture);
                    var span = range.SpanOf(new DateTimeOffset(at, TimeSpan.Zero));
                    foreach (var (key, sum) in Json.Read(row.Data, MeteringJson.Default.QuarterGroups).Groups)
                    {
                        if (GroupOf(rows, key, nameOf) is { } group) Add(span, group, sum);
                    }
                }
            }
        }

        UsageGroup? GroupOf(string rows, string key, Func<string[], string?> nameOf)
        {
            if (rows == UsageGroups.Metadata)
            {
                var parts = key.Split('\n', 2);
                if (parts[0] != grouping.MetadataKey) return null;
                return parts.Length == 1 ? new UsageGroup(null, true) : new UsageGroup(nameOf(parts));
            }

            if (key == UsageGroups.Rest) return filter.MeterId is null ? new UsageGroup(null, grouping != UsageGrouping.None) : null;
            var all = key.Split('\n');
            return filter.MeterId is null || all[rows == UsageGroups.Calls ? 2 : 1] == filter.MeterId ? new UsageGroup(nameOf(all)) : null;
        }

        async ValueTask AddCallsAsync(DateTimeOffset first, DateTimeOffset last)
        {
            await foreach (var request in calls.ReadAsync(tenant, filter, first, last, cancellationToken))
            {
                var sum = UsageGroups.SumOf(request.Record, request.Charge?.Amount ?? 0);
                foreach (var name in grouping.NameOfCall(request.Record)) Add(range.SpanOf(request.Record.CreatedAt), new UsageGroup(name), sum);
            }
        }

        void Add(DateTimeOffset span, UsageGroup group, GroupSum sum) =>
            sums[(span, group)] = sums.GetValueOrDefault((span, group), GroupSum.None).Add(sum);
    }
}
