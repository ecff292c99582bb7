using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.Money;
using Lava.Core.Pricing;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Lists;
using Lava.Service.Metering;
using Lava.Service.Metering.Rollups;
using Lava.Service.Ports.Tables;
using Lava.Service.Reporting.Requests;
using Lava.Service.Storage;

namespace Lava.Service.Reporting.WhatIf;

/// <summary>Prices the recorded usage of a meter under another rate; it reads only. Each customer starts the period at the first tier, as all do on the day
/// that a new meter is made: what a customer had used before it was counted in the old meter's unit, which need not be the proposed one's. So a period that
/// begins with the meter itself, under the meter's own rate, is simulated at exactly what it was charged.</summary>
internal sealed class MeterSimulation(ITableStore tables, RequestStore requests)
{
    /// <summary>Most requests of a simulation, those that failed included: its work is bounded by them, not by what is stored.</summary>
    public const int MaxRequests = 10_000;

    /// <summary>Cursor after the calls that have no customer.</summary>
    private const string NoCustomer = "none";

    private const int Parallelism = 32;

    /// <summary>Simulates a period; refused where it has more requests than a simulation takes, or where the cursor is none of its customers.</summary>
    /// <param name="tenant">The merchant and the mode.</param>
    /// <param name="meterId">Whose usage.</param>
    /// <param name="rate">The proposed rate.</param>
    /// <param name="start">Start of the period, inclusive; milliseconds count.</param>
    /// <param name="end">End of the period, inclusive.</param>
    /// <param name="customerId">Only this customer's usage; null for all.</param>
    /// <param name="page">Which of the customers are shown.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<(SimulationResponse? Response, ApiError? Error)> RunAsync(
        Tenant tenant,
        string meterId,
        MeterRate rate,
        DateTimeOffset start,
        DateTimeOffset end,
        string? customerId,
        ListQuery page,
        CancellationToken cancellationToken)
    {
        if (await ReadAsync(tenant, meterId, start, end, cancellationToken) is not { } calls)
            return (null, ApiError.Validation(Issue.At("start", $"The period has more than {MaxRequests} requests; choose a shorter one.")));
        var counted = calls.Where(call => call.Indexed.Sum.Requests > 0 && (customerId is null || call.Indexed.CustomerId == customerId)).ToList();
        var all = (await PriceAsync(tenant, rate, counted, cancellationToken)).OrderByDescending(part => part.Simulated)
            .ThenBy(CursorOf, StringComparer.Ordinal)
            .ToList();
        var from = page.Cursor is null ? 0 : all.FindIndex(part => CursorOf(part) == page.Cursor) + 1;
        if (page.Cursor is not null && from == 0) return (null, ListQuery.UnknownCursor());
        var shown = all.Skip(from).Take(page.Limit).ToList();
        var hasMore = from + shown.Count < all.Count;
        var (count, cost) = (all.Sum(part => part.Requests), Amount.Fixed(all.Sum(part => part.Cost)));
        return (new SimulationResponse(
            meterId,
            start,
            end,
            new SimulationTotals(count, cost, Amount.Fixed(all.Sum(part => part.Actual))),
            new SimulationTotals(count, cost, Amount.Fixed(all.Sum(part => part.Simulated))),
            [.. shown.Select(part => new SimulatedCustomer(part.CustomerId, part.Requests, Amount.Fixed(part.Actual), Amount.Fixed(part.Simulated)))],
            hasMore,
            hasMore ? CursorOf(shown[^1]) : null), null);
    }

    /// <summary>The period's calls, oldest first; null where there are too many.</summary>
    private async ValueTask<List<(string Call, IndexedCall Indexed)>?> ReadAsync(
        Tenant tenant,
        string meterId,
        DateTimeOffset start,
        DateTimeOffset end,
        CancellationToken cancellationToken)
    {
        // The index has the newest first: from the last key of the period's last millisecond up to the first key of its first.
        var range = new KeyRange(KeyAt(end, 0xff), KeyAt(start, 0) + "!");
        var calls = new List<(string Call, IndexedCall Indexed)>();
        for (var isLast = false; !isLast;)
        {
            var rows = await tables.QueryAsync(TableNames.RequestIndex, RequestIndex.ByMeter(tenant, meterId), range, TableLimits.MaxPage, cancellationToken);
            calls.AddRange(rows.Select(row => (Ulid.Mirror(row.Key), Json.Read(row.Data, MeteringJson.Default.IndexedCall))));
            if (calls.Count > MaxRequests) return null;
            isLast = rows.Count < TableLimits.MaxPage;
            if (!isLast) range = range.After(rows[^1].Key);
        }

        calls.Reverse();
        return calls;
    }

    private async ValueTask<IReadOnlyCollection<SimulatedUsage>> PriceAsync(
        Tenant tenant,
        MeterRate rate,
        List<(string Call, IndexedCall Indexed)> calls,
        CancellationToken cancellationToken)
    {
        // The index tells tokens and calls; characters and seconds are in the requests alone.
        var usages = calls.Select(call => new Usage { InputTokens = call.Indexed.Sum.Tokens }).ToArray();
        if (rate.TierType is not (TierType.Tokens1M or TierType.Requests))
        {
            await Parallel.ForAsync(0, calls.Count, new ParallelOptions
            {
                MaxDegreeOfParallelism = Parallelism,
                CancellationToken = cancellationToken,
            }, async (i, token) =>
                usages[i] = (await requests.ReadAsync(tenant, calls[i].Call, token))?.Record.Usage ?? default);
        }

        var parts = new Dictionary<string, SimulatedUsage>(StringComparer.Ordinal);
        for (var i = 0; i < calls.Count; i++)
        {
            var indexed = calls[i].Indexed;
            if (!parts.TryGetValue(indexed.CustomerId ?? "", out var part)) parts[indexed.CustomerId ?? ""] = part = new SimulatedUsage(indexed.CustomerId);
            part.Add(rate, usages[i], indexed);
        }

        return parts.Values;
    }

    private static string CursorOf(SimulatedUsage part) => part.CustomerId ?? NoCustomer;

    /// <summary>The first (0xff) or last (0) key of the index at a time. Nothing was recorded before 1970, where the keys begin.</summary>
    private static string KeyAt(DateTimeOffset time, byte fill)
    {
        Span<byte> random = stackalloc byte[10];
        random.Fill(fill);
        return Ulid.Mirror(Ulid.Create(time < DateTimeOffset.UnixEpoch ? DateTimeOffset.UnixEpoch : time, random));
    }
}
