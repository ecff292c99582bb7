using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.Money;
using Lava.Core.Pricing;
using Lava.Service.Metering;
using Lava.Service.Ports;
using Lava.Service.Requests;

namespace Lava.Service.Simulation;

/// <summary>Prices the recorded usage of a meter under another rate. It reads only. Tiers count from the period's start: what was used before it is not known to the proposed meter.</summary>
public sealed class MeterSimulation(ITableStore tables, RequestStore requests)
{
    /// <summary>Most requests of a simulation.</summary>
    public const int MaxRequests = 10_000;

    private const int Parallelism = 32;

    /// <summary>Simulates a period; null where it has more requests than a simulation takes.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="meterId">Whose usage.</param>
    /// <param name="rate">The proposed rate.</param>
    /// <param name="start">Start of the period, inclusive.</param>
    /// <param name="end">End of the period, inclusive.</param>
    /// <param name="customerId">Only this customer's usage; null for all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<SimulationResponse?> RunAsync(
        Tenant tenant, string meterId, MeterRate rate, DateTimeOffset start, DateTimeOffset end, string? customerId, CancellationToken cancellationToken)
    {
        if (await ReadAsync(tenant, meterId, start, end, customerId, cancellationToken) is not { } calls) return null;
        var parts = new Dictionary<string, Part>(StringComparer.Ordinal);
        foreach (var call in calls)
        {
            var record = call.Record;
            var key = record.CustomerId ?? "";
            if (!parts.TryGetValue(key, out var part)) parts[key] = part = new Part(record.CustomerId);
            part.Add(record, call.Charge?.Amount ?? 0, rate);
        }

        var all = parts.Values.ToList();
        var (count, cost) = (all.Sum(part => part.Requests), Amount.Fixed(all.Sum(part => part.Cost)));
        return new SimulationResponse(
            meterId,
            start,
            end,
            new SimulationTotals(count, cost, Amount.Fixed(all.Sum(part => part.Actual))),
            new SimulationTotals(count, cost, Amount.Fixed(all.Sum(part => part.Simulated))),
            [.. all.OrderByDescending(part => part.Simulated).Select(part => new SimulatedCustomer(part.CustomerId, part.Requests, Amount.Fixed(part.Actual), Amount.Fixed(part.Simulated)))]);
    }

    /// <summary>The period's completed requests, oldest first; null where there are too many.</summary>
    private async ValueTask<List<StoredRequest>?> ReadAsync(Tenant tenant, string meterId, DateTimeOffset start, DateTimeOffset end, string? customerId, CancellationToken cancellationToken)
    {
        // Newest first: from the last millisecond of the period on, until the first.
        var range = new KeyRange(Ulid.Mirror(Ulid.Create(end.AddMilliseconds(1), new byte[10])), "~");
        var last = Ulid.Mirror(Ulid.Create(start, new byte[10]));
        var keys = new List<string>();
        while (true)
        {
            var rows = await tables.QueryAsync(Tables.RequestIndex, RequestIndex.ByMeter(tenant, meterId), range, TableLimits.MaxPage, cancellationToken);
            keys.AddRange(rows.Select(row => row.Key).TakeWhile(key => string.CompareOrdinal(key, last) <= 0));
            if (keys.Count > MaxRequests) return null;
            if (rows.Count < TableLimits.MaxPage || string.CompareOrdinal(rows[^1].Key, last) > 0) break;
            range = range.After(rows[^1].Key);
        }

        keys.Reverse();
        var calls = new StoredRequest?[keys.Count];
        await Parallel.ForAsync(0, keys.Count, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken }, async (i, token) =>
            calls[i] = await requests.ReadAsync(tenant, Ulid.Mirror(keys[i]), token));
        return [.. calls.OfType<StoredRequest>().Where(call => !call.Record.IsError && (customerId is null || call.Record.CustomerId == customerId))];
    }

    private sealed class Part(string? customerId)
    {
        private decimal _position;

        public string? CustomerId => customerId;

        public long Requests { get; private set; }

        public decimal Cost { get; private set; }

        public decimal Actual { get; private set; }

        public decimal Simulated { get; private set; }

        public void Add(UsageRecord record, decimal charged, MeterRate rate)
        {
            var priced = MeterCharge.Of(rate, _position, record.Usage, record.Cost);
            _position = priced.After;
            Requests++;
            Cost += record.Cost;
            Actual += charged;
            Simulated += priced.Amount;
        }
    }
}
