using FsCheck;
using FsCheck.Fluent;
using Lava.Core.Ids;
using Lava.Core.Money;
using Lava.Core.Pricing;
using Lava.Service.Api.Lists;
using Lava.Service.Billing.Books;
using Lava.Service.Ledger.Books;
using Lava.Service.Metering;
using Lava.Service.Metering.Booking;
using Lava.Service.Metering.Records;
using Lava.Service.Metering.Rollups;
using Lava.Service.Ports.Tables;
using Lava.Service.Reporting.WhatIf;
using Lava.Service.Tests.Billing;

namespace Lava.Service.Tests.Reporting;

public sealed class MeterSimulationTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = Start.AddYears(1);

    private BillingWorld _world = null!;
    private BillingOwner[] _owners = [];
    private int _meters;

    public async Task InitializeAsync()
    {
        _world = await BillingWorld.CreateAsync(Start, freeCredit: 1_000);
        _owners = [await _world.AddCustomerAsync(), await _world.AddCustomerAsync()];
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public void Under_the_meters_own_rate_a_simulation_is_what_was_charged_and_touches_nothing() =>
        Check(60, Gen.Choose(0, int.MaxValue - 1), seed =>
        {
            var random = new Random(seed);
            var (meter, rate) = (NewMeter(), RateOf(random));
            var records = Enumerable.Range(0, random.Next(1, 25)).Select(_ => CallOf(random, meter, rate)).ToArray();
            Wait(_world.Get<Meterer>().MeterAsync(_world.Tenant, records, default));
            var before = Wait(SnapshotAsync(meter));

            // A write would be its death.
            _world.Tables.DieAfter(0, isDone: false);
            var result = Run(meter, rate, new ListQuery(100, null));
            _world.Tables.IsDead.ShouldBeFalse();
            _world.Tables.Live();

            Wait(SnapshotAsync(meter)).ShouldBe(before);
            result.Simulated.ShouldBe(result.Actual);
            result.Customers.ShouldAllBe(customer => customer.SimulatedCharge == customer.ActualCharge);
            var completed = records.Where(record => !record.IsError).ToList();
            (result.Actual.TotalRequests, result.Actual.TotalCost).ShouldBe((completed.Count, Amount.Fixed(completed.Sum(record => record.Cost))));
            result.Customers.ToDictionary(customer => customer.CustomerId ?? "", customer => customer.Requests)
                .ShouldBe(completed.GroupBy(record => record.CustomerId ?? "").ToDictionary(group => group.Key, group => (long)group.Count()), ignoreOrder: true);
        });

    [Fact]
    public void Under_another_rate_it_is_what_one_call_of_each_customers_whole_usage_would_be_charged() =>
        Check(300, Gen.Choose(0, int.MaxValue - 1), seed =>
        {
            var random = new Random(seed);
            var (meter, rate) = (NewMeter(), RateOf(random));
            var proposed = RateOf(random) with { RateType = RateType.Fixed };
            var records = Enumerable.Range(0, random.Next(1, 25)).Select(_ => CallOf(random, meter, rate)).ToArray();
            Wait(_world.Get<Meterer>().MeterAsync(_world.Tenant, records, default));
            foreach (var customer in Run(meter, proposed, new ListQuery(100, null)).Customers)
            {
                var units = records.Where(record => !record.IsError && record.CustomerId == customer.CustomerId).Sum(record => MeterCharge.Units(proposed.TierType, record.Usage));
                customer.SimulatedCharge.ShouldBe(Amount.Fixed(Oracle(proposed, units)));
            }
        });

    [Fact]
    public void Calls_without_a_customer_have_a_place_among_the_pages_too()
    {
        var meter = NewMeter();
        var rate = new MeterRate(RateType.Fixed, TierType.Requests, [new Tier(0, 1)]);
        var random = new Random(1);
        UsageRecord[] records = [.. new[] { _owners[0].CustomerId, null, null, _owners[1].CustomerId, _owners[1].CustomerId, _owners[1].CustomerId }
            .Select(customer => CallOf(random, meter, rate) with { CustomerId = customer, IsBilled = customer is not null, IsError = false })];
        Wait(_world.Get<Meterer>().MeterAsync(_world.Tenant, records, default));

        var first = Run(meter, rate, new ListQuery(2, null));
        first.Customers.Select(customer => customer.CustomerId).ShouldBe([_owners[1].CustomerId, null]);
        var rest = Run(meter, rate, new ListQuery(2, first.NextCursor));
        (rest.Customers.Single().CustomerId, rest.HasMore, rest.NextCursor).ShouldBe((_owners[0].CustomerId, false, null));
        Wait(_world.Get<MeterSimulation>().RunAsync(_world.Tenant, meter, rate, Start, End, null, new ListQuery(2, "con_test_x"), default)).Error!.Code.ShouldBe("validation_error");
    }

    [Fact]
    public async Task A_period_of_more_requests_than_a_simulation_takes_is_refused()
    {
        var meter = NewMeter();
        var rate = new MeterRate(RateType.Fixed, TierType.Requests, [new Tier(0, 1)]);
        for (var i = 0; i <= MeterSimulation.MaxRequests; i += 100)
        {
            // The index alone is what a simulation by calls reads.
            var writes = Enumerable.Range(i, Math.Min(100, MeterSimulation.MaxRequests + 1 - i)).Select(n =>
                TableWrite.Insert(Ulid.Mirror(Ulid.Create(Start.AddSeconds(n))), Lava.Service.Storage.Json.Write(new IndexedCall(Start.AddSeconds(n), null, meter, [], new UsageSum(1, 1, 0, 1)), MeteringJson.Default.IndexedCall)));
            await _world.Store.CommitAsync(TableNames.RequestIndex, RequestIndex.ByMeter(_world.Tenant, meter), [.. writes], default);
        }

        var simulation = _world.Get<MeterSimulation>();
        var (_, error) = await simulation.RunAsync(_world.Tenant, meter, rate, Start, End, null, new ListQuery(10, null), default);
        (error!.Code, error.Issues!.Single().Path.Single()).ShouldBe(("validation_error", "start"));
        var (most, _) = await simulation.RunAsync(_world.Tenant, meter, rate, Start.AddSeconds(1), End, null, new ListQuery(10, null), default);
        (most!.Actual.TotalRequests, most.Simulated.TotalCharge).ShouldBe((10_000, "10000.0000000000"));
    }

    /// <summary>Graduated tiers by their definition: each unit at the rate of the tier that it lies in, and the whole rounded once, to 12 decimals, as charges are kept.</summary>
    private static decimal Oracle(MeterRate rate, decimal units)
    {
        var divisor = rate.TierType is TierType.Tokens1M or TierType.Characters1M ? 1_000_000m : 1;
        return Math.Round(rate.Tiers.Select((tier, i) => Math.Max(0, Math.Min(units, i + 1 < rate.Tiers.Count ? rate.Tiers[i + 1].Start : units) - tier.Start) * tier.Rate / divisor).Sum(), 12, MidpointRounding.ToEven);
    }

    private SimulationResponse Run(string meter, MeterRate rate, ListQuery page) =>
        Wait(_world.Get<MeterSimulation>().RunAsync(_world.Tenant, meter, rate, Start, End, null, page, default)).Response!;

    private string NewMeter() => "meter_test_" + Ulid.Create(Start.AddMilliseconds(_meters++));

    private UsageRecord CallOf(Random random, string meter, MeterRate rate)
    {
        var who = random.Next(_owners.Length + 1);
        return _world.Usage(_owners[0], 0) with
        {
            CustomerId = who < _owners.Length ? _owners[who].CustomerId : null,
            MeterId = meter,
            Rate = rate,
            IsError = random.Next(6) == 0,
            IsBilled = who < _owners.Length && random.Next(3) > 0,
            Cost = random.Next(0, 1_000_000) / 1_000_000_0000m,
            Usage = new Usage
            {
                InputTokens = random.Next(0, 60), OutputTokens = random.Next(0, 60), InputCharacters = random.Next(0, 60), OutputCharacters = random.Next(0, 60), InputSeconds = random.Next(0, 6_000) / 10m,
            },
        };
    }

    private static MeterRate RateOf(Random random)
    {
        var starts = new SortedSet<decimal> { 0 };
        for (var i = random.Next(4); i > 0; i--) starts.Add(random.Next(1, 500) / (random.Next(2) == 0 ? 1m : 10m));
        return new MeterRate(
            random.Next(3) == 0 ? RateType.Percentage : RateType.Fixed, (TierType)random.Next(4), [.. starts.Select(start => new Tier(start, random.Next(0, 1_000_000) / 7_000_0m)).Select(tier => tier with { Rate = Math.Round(tier.Rate, 10) })]);
    }

    /// <summary>All that is stored of the meter's requests, of the wallet and of the customers: keys, versions and bytes.</summary>
    private async Task<string> SnapshotAsync(string meter)
    {
        var all = new List<string>();
        var partitions = new[] { (TableNames.RequestIndex, RequestIndex.ByMeter(_world.Tenant, meter)), (TableNames.Books, BookKey.Wallet(_world.Tenant).Partition), (TableNames.Resources, _world.Tenant.Partition) }
            .Concat(_owners.Select(owner => (TableNames.Books, BookKey.Customer(_world.Tenant, owner.CustomerId).Partition)));
        foreach (var (table, partition) in partitions)
        {
            var range = new KeyRange("!", "~");
            while (true)
            {
                var rows = await _world.Store.QueryAsync(table, partition, range, TableLimits.MaxPage, default);
                all.AddRange(rows.Select(row => $"{partition}/{row.Key}@{row.ETag}={Convert.ToBase64String(row.Data.Span)}"));
                if (rows.Count < TableLimits.MaxPage) break;
                range = range.After(rows[^1].Key);
            }
        }

        all.ShouldNotBeEmpty();
        return string.Join('\n', all);
    }

    private static void Check<T>(int runs, Gen<T> values, Action<T> property) => Prop.ForAll(values.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(runs));

    private static T Wait<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
