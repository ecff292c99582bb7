using System.Globalization;
using Lava.Contracts.Tests;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.Pricing;
using Lava.Service.Billing;
using Lava.Service.Billing.Wallets;
using Lava.Service.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Metering.Booking;
using Lava.Service.Metering.Pending;
using Lava.Service.Metering.Records;
using Lava.Service.Metering.Rollups;
using Lava.Service.Queues.Stored;
using Lava.Service.Reporting.Requests;
using Lava.Service.Reporting.UsageReports;
using Lava.Service.Storage;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lava.Service.Tests.Reporting;

/// <summary>Usage by model, key, customer and metadata, with errors and latency, from the roll-ups that metering writes.</summary>
public sealed class GroupedUsageTests : IAsyncLifetime
{
    private static readonly Tenant Tenant = new("mer_x", Mode.Test);
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly RequestFilter All = new(null, null, [], false);

    private readonly ManualTime _time = new();
    private TestStore _store = null!;
    private Meterer _meterer = null!;
    private GroupedUsage _usage = null!;

    public async Task InitializeAsync()
    {
        _store = await TestStore.OpenAsync();
        var tables = _store.Tables;
        var pending = new PendingCalls(tables, new StoreGate(tables, _time), NullLogger<PendingCalls>.Instance);
        var triggers = new BillingTriggers(new TableQueue(tables, new TableQueueOptions(), _time), new NobodyListens(), new AutoReloadStore(tables, _time), _time);
        _meterer = new Meterer(new BookStore(tables), tables, new RequestIndex(tables), pending, triggers, _time);
        _usage = new GroupedUsage(tables, new UsageCalls(tables), _time);
        await new Funds(new BookStore(tables), _time).OpenWalletAsync(Tenant, 100, "test", CancellationToken.None);
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Theory]
    [InlineData("model", "gpt-4o:2/0.75 opus:1/0.25 -:1/0")]
    [InlineData("provider", "openai:2/0.75 anthropic:1/0.25 other:1/0")]
    [InlineData("meter", "meter_1:3/0.75 -:1/0.25")]
    [InlineData("spend_key", "spk_1:1/0.5 -:3/0.5")]
    [InlineData("customer", "con_1:2/0.75 con_2:1/0")]
    [InlineData("metadata.team", "red:1/0.25 blue:1/0.5")]
    [InlineData("metadata.colour", "")]
    public async Task Calls_are_summed_by(string by, string expected)
    {
        await _meterer.MeterAsync(Tenant, [
            Call() with { Model = "gpt-4o", Cost = 0.5m, SpendKeyId = "spk_1", Metadata = new Dictionary<string, string> { ["team"] = "blue" } },
            Call() with { Model = "gpt-4o", Cost = 0.25m, Metadata = new Dictionary<string, string> { ["team"] = "red" } },
            Call() with { Model = "opus", Provider = "anthropic", Cost = 0.25m, CustomerId = null, MeterId = null, Rate = null },
            Call() with { Model = null, Provider = "other", Cost = 0, CustomerId = "con_2", ClaimHash = "x" },
        ], CancellationToken.None);

        (await ShowAsync(by)).ShouldBe(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), ignoreOrder: true);

        // A second delivery adds nothing, and neither does it when the ends of the range fall into the quarter, so that the requests are summed.
        (await ShowAsync(by, Noon.AddMinutes(1), Noon.AddMinutes(14))).ShouldBe(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), ignoreOrder: true);
    }

    [Fact]
    public async Task Calls_delivered_again_are_summed_once()
    {
        var calls = Enumerable.Range(0, 150).Select(i => Call(Noon.AddMinutes(i))).ToList();
        for (var i = 0; i < 3; i++) await _meterer.MeterAsync(Tenant, calls, CancellationToken.None);
        (await ShowAsync("model", Noon, Noon.AddHours(4))).ShouldBe(["gpt-4o:150/75"]);
        (await ShowAsync("model", Noon, Noon.AddHours(4), All with { CustomerId = "con_1" })).ShouldBe(["gpt-4o:150/75"]);
        (await ShowAsync("model", Noon, Noon.AddHours(4), All with { MeterId = "meter_2" })).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_quarter_belongs_to_the_day_of_the_zone_asked_for()
    {
        await _meterer.MeterAsync(Tenant, [Call(new(2026, 3, 2, 18, 20, 0, TimeSpan.Zero)), Call(new(2026, 3, 2, 18, 40, 0, TimeSpan.Zero))], CancellationToken.None);

        // India is five and a half hours ahead: its midnight is at 18:30 by UTC.
        var start = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.FromHours(5.5));
        var sums = await SumAsync("model", new UsageRange(start, start.AddDays(2).AddTicks(-1), UsageInterval.Day), All);
        sums.Select(entry => (entry.Key.Span, entry.Value.Sum.Requests)).ShouldBe([(start, 1), (start.AddDays(1), 1)], ignoreOrder: true);
    }

    [Fact]
    public async Task Errors_are_counted_and_a_call_that_was_given_up_and_came_after_all_is_none()
    {
        var late = Call() with { CustomerId = null, MeterId = null, Rate = null };
        await _meterer.MeterAsync(Tenant, [late with { IsError = true, IsSwept = true, Cost = 0 }, Call() with { IsError = true, Cost = 0 }], CancellationToken.None);
        (await ErrorsAsync()).ShouldBe((0, 2));
        await _meterer.MeterAsync(Tenant, [late], CancellationToken.None);
        (await ErrorsAsync()).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Percentiles_are_right_to_within_a_tenth()
    {
        // 1 to 200 milliseconds, each once: half are at most 100, 95 of 100 at most 190.
        await _meterer.MeterAsync(Tenant, [.. Enumerable.Range(1, 200).Select(i => Call() with { GatewayMilliseconds = 0.25, FirstByteMilliseconds = i - 0.25 })], CancellationToken.None);
        await _meterer.MeterAsync(Tenant, [Call() with { ClaimHash = "reported", FirstByteMilliseconds = 0 }], CancellationToken.None);
        var sums = await SumAsync(null, new UsageRange(Noon, Noon.AddHours(1), UsageInterval.Day), All);
        var latency = GroupedView.Show(sums, new UsageRange(Noon, Noon.AddHours(1), UsageInterval.Day), null, 20).Totals.Performance!.LatencyMs!;
        latency.P50.ShouldBeInRange(90, 110);
        latency.P95.ShouldBeInRange(171, 209);
        latency.P99.ShouldBeInRange(178, 218);
    }

    [Fact]
    public async Task Names_without_end_leave_the_row_small_and_the_sums_whole()
    {
        for (var batch = 0; batch < 5; batch++)
        {
            await _meterer.MeterAsync(Tenant, [.. Enumerable.Range(0, 60).Select(i => Call() with
            {
                CustomerId = $"con_{(batch * 60) + i}", Metadata = new Dictionary<string, string> { ["session"] = $"{batch}-{i}", ["team"] = "red" },
            })], CancellationToken.None);
        }

        var range = new UsageRange(Noon, Noon.AddHours(1), UsageInterval.Day);
        var customers = await SumAsync("customer", range, All);
        customers.Count.ShouldBe(UsageGroups.MaxGroups + 1);
        customers.Single(entry => entry.Key.Group.IsRest).Value.Sum.Requests.ShouldBe(100);
        var sessions = await SumAsync("metadata.session", range, All);
        sessions.Count.ShouldBe(UsageGroups.MaxValues + 1);
        sessions.Values.Sum(sum => sum.Sum.Requests).ShouldBe(300);
        (await ShowAsync("metadata.team")).ShouldBe(["red:300/150"]);

        var shown = GroupedView.Show(customers, range, "customer", 3);
        shown.Groups!.Select(group => (group.Group!.Value, group.Group.IsRest, group.TotalRequests)).ShouldBe([("con_0", false, 1), ("con_1", false, 1), ("con_10", false, 1), (null, true, 297)]);
        shown.Items.Count.ShouldBe(4);
        shown.Totals.TotalRequests.ShouldBe(300);
    }

    private async Task<(long Requests, long Errors)> ErrorsAsync()
    {
        var sum = (await SumAsync("model", new UsageRange(Noon, Noon.AddHours(1), UsageInterval.Day), All)).Values.Single();
        return (sum.Sum.Requests, sum.Errors);
    }

    private async Task<IEnumerable<string>> ShowAsync(string by, DateTimeOffset? start = null, DateTimeOffset? end = null, RequestFilter? filter = null) =>
        (await SumAsync(by, new UsageRange(start ?? Noon.AddDays(-20), end ?? Noon.AddDays(20), UsageInterval.Month), filter ?? All))
            .GroupBy(entry => entry.Key.Group.Name ?? "-")
            .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key}:{group.Sum(entry => entry.Value.Sum.Requests)}/{group.Sum(entry => entry.Value.Sum.Cost):0.##}"));

    private async Task<Dictionary<(DateTimeOffset Span, UsageGroup Group), GroupSum>> SumAsync(string? by, UsageRange range, RequestFilter filter) =>
        await _usage.SumAsync(Tenant, filter, by is null ? UsageGrouping.None : UsageGrouping.Of(by)!, range, CancellationToken.None);

    private static UsageRecord Call(DateTimeOffset? at = null)
    {
        var time = at ?? Noon.AddMinutes(5);
        var call = Ulid.Create(time);
        return new UsageRecord
        {
            Call = call, RequestId = "req_test_" + call, CreatedAt = time, CompletedAt = time.AddMilliseconds(100), Provider = "openai", Model = "gpt-4o", ProviderKeyType = "unmanaged",
            Endpoint = "POST x", Usage = new Usage { InputTokens = 10 }, Cost = 0.5m, CustomerId = "con_1", MeterId = "meter_1",
            Rate = new MeterRate(RateType.Fixed, TierType.Requests, [new Tier(0, 1)]),
        };
    }
}
