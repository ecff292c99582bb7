using System.Globalization;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.SpendKeys;
using Lava.Service.Accounts.SpendKeys;
using Lava.Service.Api.Errors;
using Lava.Service.Credentials;
using Lava.Service.Gateway.Reservations;
using Lava.Service.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Ledger.Leases;
using Lava.Service.Metering.Booking;
using Lava.Service.Metering.Records;
using Lava.Service.Ports.Tables;
using Lava.Service.Tests.Ledger;
using Lava.Service.Tests.Storage;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lava.Service.Tests.Accounts.SpendKeys;

/// <summary>The limits of a key on several instances over one store, with what becomes of reservations when instances die, time passes and limits are edited.</summary>
public sealed class SpendKeyGateTests : IAsyncLifetime
{
    private static readonly Tenant Owner = new("mer_x", Mode.Test);

    private readonly TestClock _clock = new();
    private TestStore _store = null!;

    public async Task InitializeAsync()
    {
        _store = await TestStore.OpenAsync();

        // A Wednesday noon: neither a day, a week nor a month begins.
        _clock.Advance(new DateTimeOffset(2026, 3, 11, 12, 0, 0, TimeSpan.Zero) - _clock.GetUtcNow());
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task An_instance_that_dies_with_calls_in_flight_keeps_others_from_its_share_until_its_leases_run_out_and_no_longer()
    {
        var key = Key() with { SpendLimit = new SpendLimit(10, LimitCycle.Total), RequestLimit = new RequestLimit(10, LimitCycle.Total) };
        var (dead, other) = (NewServer(), NewServer());
        for (var i = 0; i < 10; i++) (await dead.TryAsync(key, 1)).Error.ShouldBeNull();
        var refused = (await other.TryAsync(key, 1)).Error!;
        (refused.Code, refused.RetryAfterSeconds).ShouldBe(("request_limit_exceeded", 15));
        _clock.Advance(LapsedLeases.WatchTime);
        (await other.TryAsync(key, 1)).Error.ShouldNotBeNull();
        await other.Fences.ArriveAsync();
        for (var i = 0; i < 10; i++) (await other.TryAsync(key, 1)).Error.ShouldBeNull();
        (await other.TryAsync(key, 1)).Error.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(LimitCycle.Daily, "2026-03-12")]
    [InlineData(LimitCycle.Weekly, "2026-03-16")]
    [InlineData(LimitCycle.Monthly, "2026-04-01")]
    [InlineData(LimitCycle.Total, null)]
    public async Task A_limit_that_is_used_up_begins_anew_with_its_cycle_in_utc_and_not_before(LimitCycle cycle, string? next)
    {
        var end = next is null ? _clock.GetUtcNow().AddDays(400) : DateTimeOffset.Parse(next + "T00:00:00Z", CultureInfo.InvariantCulture);
        foreach (var key in new[] { Key() with { SpendLimit = new SpendLimit(1, cycle) }, Key() with { RequestLimit = new RequestLimit(1, cycle) } })
        {
            var now = _clock.GetUtcNow();
            var server = NewServer();
            await server.CountAsync(key, (await server.TryAsync(key, 1)).Hold, 1);
            var refused = (await server.TryAsync(key, 1)).Error!;
            if (key.SpendLimit is not null) (refused.Code, refused.RetryAfterSeconds).ShouldBe(("spend_limit_exceeded", null));
            else (refused.Code, refused.RetryAfterSeconds).ShouldBe(("request_limit_exceeded", next is null ? 86_400 : (int)(end - now).TotalSeconds));
            _clock.Advance(end - now - TimeSpan.FromTicks(1));
            (await NewServer().TryAsync(key, 1)).Error.ShouldNotBeNull();
            _clock.Advance(TimeSpan.FromTicks(1));
            foreach (var instance in new[] { server, NewServer() })
            {
                var (hold, error) = await instance.TryAsync(key, 1);
                (error is null).ShouldBe(next is not null);
                hold.Release();
                await instance.Budgets.StopAsync(default);
            }

            _clock.Advance(now - _clock.GetUtcNow());
        }
    }

    [Fact]
    public async Task A_call_in_flight_at_midnight_takes_nothing_of_the_new_day_and_counts_in_the_old_one()
    {
        var key = Key() with { SpendLimit = new SpendLimit(1, LimitCycle.Daily), RequestLimit = new RequestLimit(1, LimitCycle.Daily) };
        var server = NewServer();
        var yesterday = await server.TryAsync(key, 1);
        (await server.TryAsync(key, 1)).Error.ShouldNotBeNull();
        var at = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromHours(12));
        var today = await server.TryAsync(key, 1);
        today.Error.ShouldBeNull();
        await server.CountAsync(key, yesterday.Hold, 1, at);
        (await server.TryAsync(key, 1)).Error.ShouldNotBeNull();
        today.Hold.Release();
        (await server.TryAsync(key, 1)).Error.ShouldBeNull();
        var usage = await UsageAsync(key);
        (usage.TotalSpend, usage.SpendIn(LimitCycle.Daily, at), usage.RequestsIn(LimitCycle.Daily, _clock.GetUtcNow())).ShouldBe((1, 1, 0));
    }

    [Fact]
    public async Task An_edited_limit_holds_at_once_whatever_was_leased_under_the_old_one()
    {
        var wide = Key() with { RequestLimit = new RequestLimit(1_000, LimitCycle.Monthly) };
        var server = NewServer();
        var held = new List<SpendKeyHold>();
        for (var i = 0; i < 5; i++) held.Add((await server.TryAsync(wide, 1)).Hold);

        var narrow = wide with { RequestLimit = new RequestLimit(7, LimitCycle.Monthly) };
        (await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => server.TryAsync(narrow, 1)))).Count(answer => answer.Error is null).ShouldBe(2);

        // Calls in flight under a longer cycle may have been made in the shorter one: they count until they are booked where they belong.
        var daily = wide with { RequestLimit = new RequestLimit(8, LimitCycle.Daily) };
        (await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => server.TryAsync(daily, 1)))).Count(answer => answer.Error is null).ShouldBe(1);
        (await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => server.TryAsync(wide, 1)))).ShouldAllBe(answer => answer.Error == null);
    }

    [Fact]
    public async Task What_metering_has_not_booked_yet_stays_covered_and_a_record_that_is_lost_does_not_lock_the_limit_for_good()
    {
        var key = Key() with { SpendLimit = new SpendLimit(10, LimitCycle.Total) };
        var (busy, other) = (NewServer(), NewServer());
        var holds = new List<SpendKeyHold>();
        for (var i = 0; i < 8; i++)
        {
            holds.Add((await busy.TryAsync(key, 1)).Hold);
            holds[^1].Settle();
        }

        // The queue is far behind.
        for (var second = 0; second < 300; second += 5) await TickAsync(busy, 5);
        (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => other.TryAsync(key, 1)))).Count(answer => answer.Error is null).ShouldBe(2);

        foreach (var hold in holds.Take(4)) await other.CountAsync(key, hold, 0.5m, settle: false, instance: busy.Id);
        for (var second = 0; second < 20 * 60; second += 5) await TickAsync(busy, 5);
        (await UsageAsync(key)).TotalSpend.ShouldBe(2);

        // Four records never came, and the other server has died with two calls. Only what has passed the queue says so.
        var fresh = NewServer();
        (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => fresh.TryAsync(key, 1)))).Count(answer => answer.Error is null).ShouldBe(2);
        await busy.Fences.ArriveAsync();
        await fresh.Fences.ArriveAsync();
        (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => fresh.TryAsync(key, 1)))).Count(answer => answer.Error is null).ShouldBe(6);
    }

    [Fact]
    public async Task Whatever_ends_calls_and_in_whatever_order_nothing_stays_reserved()
    {
        var key = Key() with { SpendLimit = new SpendLimit(50, LimitCycle.Total), RequestLimit = new RequestLimit(1_000, LimitCycle.Total) };
        var servers = new[] { NewServer(), NewServer(), NewServer() };
        var random = new Random(7);
        decimal spent = 0;
        var counted = 0;
        for (var round = 0; round < 60; round++)
        {
            var calls = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => servers[i % 3].TryAsync(key, 1)));
            foreach (var (index, (hold, error)) in calls.Index())
            {
                var end = random.Next(3);
                if (error is not null || end == 0)
                {
                    hold.Release();
                    continue;
                }

                // A success costs less than was reserved, an error nothing, and both count.
                var cost = end == 1 ? 0.01m : 0;
                await servers[random.Next(3)].CountAsync(key, hold, cost, isError: end == 2, instance: servers[index % 3].Id);
                spent += cost;
                counted++;
            }

            if (round % 10 == 9) servers[random.Next(3)] = NewServer();
            foreach (var server in servers) await TickAsync(server, 2);
        }

        for (var second = 0; second < 90; second += 5)
        {
            foreach (var server in servers) await TickAsync(server, 2);
        }

        var usage = await UsageAsync(key);
        (usage.TotalSpend, usage.TotalRequests).ShouldBe((spent, counted));

        // Servers that died hold something until they are fenced off.
        var last = NewServer();
        await last.TryAsync(key, 50 - spent);
        _clock.Advance(LapsedLeases.WatchTime);
        await last.TryAsync(key, 50 - spent);
        await last.Fences.ArriveAsync();
        (await last.TryAsync(key, 50 - spent)).Error.ShouldBeNull();
    }

    [Fact]
    public async Task However_often_a_record_is_delivered_it_counts_once_and_one_that_comes_after_the_sweep_adds_what_it_cost()
    {
        var key = Key();
        var server = NewServer();
        var records = Enumerable.Range(0, 150).Select(_ => server.Record(key, null, 0.25m)).ToList();
        await server.MeterAsync([records[0] with { IsSwept = true, IsError = true, IsManaged = false }]);
        (await UsageAsync(key)).ShouldSatisfyAllConditions(usage => usage.TotalRequests.ShouldBe(1), usage => usage.TotalSpend.ShouldBe(0));
        for (var delivery = 0; delivery < 3; delivery++) await NewServer().MeterAsync(records.Skip(delivery * 7).Concat(records));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => NewServer().MeterAsync(records)));
        var used = await UsageAsync(key);
        (used.TotalRequests, used.TotalSpend, used.LastUsedAt).ShouldBe((150, 37.5m, records[^1].CreatedAt));
    }

    [Fact]
    public async Task In_no_stretch_of_time_are_more_calls_let_in_than_the_burst_and_what_flows_in_even_where_instances_die()
    {
        var key = Key() with { RateLimit = new RateLimit(120, 20) };
        var servers = Enumerable.Range(0, 3).Select(_ => NewServer()).ToList();
        var random = new Random(11);
        var times = new List<DateTimeOffset>();
        for (var step = 0; step < 400; step++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(random.Next(0, random.Next(20) == 0 ? 60_000 : 800)));
            var asked = random.Next(random.Next(10) == 0 ? 40 : 3);
            for (var i = 0; i < asked; i++)
            {
                if ((await servers[random.Next(3)].TryAsync(key, 0)).Error is null) times.Add(_clock.GetUtcNow());
            }

            if (random.Next(40) == 0) servers[random.Next(3)] = NewServer();
            foreach (var server in servers) await server.Budgets.KeepAsync(default);
        }

        times.Count.ShouldBeGreaterThan(300);
        for (var from = 0; from < times.Count; from++)
        {
            for (var to = from; to < times.Count; to++) (to - from + 1).ShouldBeLessThanOrEqualTo((int)Math.Floor(20 + (2 * (times[to] - times[from]).TotalSeconds) + 0.000001));
        }
    }

    [Fact]
    public async Task A_rate_refills_to_its_full_burst_and_says_when_the_next_call_may_come()
    {
        var key = Key() with { RateLimit = new RateLimit(6, 3) };
        var server = NewServer();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 3; i++) (await server.TryAsync(key, 0)).Error.ShouldBeNull();
            var refused = (await server.TryAsync(key, 0)).Error!;
            (refused.Status, refused.Code, refused.RetryAfterSeconds).ShouldBe((429, "rate_limit_exceeded", 10));
            _clock.Advance(TimeSpan.FromSeconds(7));
            (await server.TryAsync(key, 0)).Error!.RetryAfterSeconds.ShouldBe(3);
            _clock.Advance(TimeSpan.FromSeconds(23));
        }
    }

    [Fact]
    public async Task A_call_that_another_limit_refuses_takes_neither_a_token_nor_a_count()
    {
        var key = Key() with { SpendLimit = new SpendLimit(1, LimitCycle.Total), RequestLimit = new RequestLimit(1, LimitCycle.Total), RateLimit = new RateLimit(1, 1) };
        var server = NewServer();
        for (var i = 0; i < 20; i++) (await server.TryAsync(key, 1.01m)).Error!.Code.ShouldBe("spend_limit_exceeded");
        (await server.TryAsync(key, 1)).Error.ShouldBeNull();
    }

    [Fact]
    public async Task Once_leased_a_call_of_a_key_with_every_limit_asks_nothing_of_the_store()
    {
        var counting = new CountingTables(_store.Tables);
        var server = NewServer(counting);
        var key = Key() with { SpendLimit = new SpendLimit(1_000, LimitCycle.Daily), RequestLimit = new RequestLimit(10_000, LimitCycle.Weekly), RateLimit = new RateLimit(10_000, null) };
        (await server.TryAsync(key, 0.01m)).Error.ShouldBeNull();
        counting.Clear();
        for (var i = 0; i < 200; i++) (await server.TryAsync(key, 0.01m)).Error.ShouldBeNull();
        counting.Asked.ShouldBeEmpty();
    }

    private static SpendKey Key() =>
        new() { Id = Id.Create(SpendKeyStore.Prefix, Mode.Test, DateTimeOffset.UnixEpoch), Name = "Agent", Hash = "", Preview = "", CreatedAt = DateTimeOffset.UnixEpoch };

    private Server NewServer(ITableStore? tables = null) => new(tables ?? _store.Tables, _clock);

    private async Task TickAsync(Server server, int seconds)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        await server.Budgets.KeepAsync(default);
    }

    private ValueTask<SpendKeyUsage> UsageAsync(SpendKey key) => new SpendKeyStore(_store.Tables, new GuessBrake(_clock), _clock).UsageAsync(Owner, key.Id, default);

    private sealed class Server
    {
        private readonly TimeProvider _time;
        private readonly SpendKeyGate _gate;
        private readonly SpendKeyCounts _counts;

        public Server(ITableStore tables, TimeProvider time)
        {
            _time = time;
            BookStore books = new BookStore(tables);
            var instance = new Instance(time);
            Id = instance.Id;
            Fences = new FenceQueue(books);
            Budgets = new Budgets(books, instance, Fences, time, NullLogger<Budgets>.Instance);
            _gate = new SpendKeyGate(Budgets, time);
            _counts = new SpendKeyCounts(books, tables);
        }

        public string Id { get; }

        public Budgets Budgets { get; }

        public FenceQueue Fences { get; }

        public async Task<(SpendKeyHold Hold, ApiError? Error)> TryAsync(SpendKey key, decimal cost)
        {
            var hold = new SpendKeyHold(new SpendKeyIdentity(Owner, key));
            var error = await _gate.ReserveAsync(hold, cost, _time.GetUtcNow(), default);
            if (error is null) hold.Admit();
            else hold.Release();
            return (hold, error);
        }

        public UsageRecord Record(SpendKey key, SpendKeyHold? hold, decimal cost, DateTimeOffset? at = null)
        {
            var now = at ?? _time.GetUtcNow();
            var call = Ulid.Create(now);
            var record = new UsageRecord
            {
                Call = call, RequestId = "req_test_" + call, CreatedAt = now, CompletedAt = now, Provider = "openai", ProviderKeyType = "managed", Endpoint = "POST x",
                Cost = cost, IsManaged = true, SpendKeyId = key.Id, Instance = Id,
            };
            return hold?.Note(record) ?? record;
        }

        /// <summary>Ends a call as its settlement and the metering of its record do.</summary>
        public async Task CountAsync(SpendKey key, SpendKeyHold hold, decimal cost, DateTimeOffset? at = null, bool settle = true, bool isError = false, string? instance = null)
        {
            var record = hold.Note(Record(key, null, cost, at) with { IsError = isError, Instance = instance ?? Id });
            if (isError) hold.ReleaseMoney();
            if (settle) hold.Settle();
            await MeterAsync([record]);
        }

        public Task MeterAsync(IEnumerable<UsageRecord> records) =>
            _counts.CountAsync(Owner, records.First().SpendKeyId!, [.. records.DistinctBy(record => record.Call)], default);
    }
}
