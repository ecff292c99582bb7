using Lava.Core.Billing;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Core.Pricing;
using Lava.Service.Billing;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Wallets;
using Lava.Service.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Ledger.Leases;
using Lava.Service.Metering.Booking;
using Lava.Service.Metering.Pending;
using Lava.Service.Metering.Records;
using Lava.Service.Metering.Rollups;
using Lava.Service.Ports.Tables;
using Lava.Service.Queues.Stored;
using Lava.Service.Storage;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lava.Service.Tests.Metering;

public sealed class MetererTests : IAsyncLifetime
{
    private static readonly Tenant Tenant = new("mer_x", Mode.Test);
    private static readonly MeterRate PerCall = new(RateType.Fixed, TierType.Requests, [new Tier(0, 1)]);
    private static readonly MeterRate QuarterPerCall = new(RateType.Fixed, TierType.Requests, [new Tier(0, 0.25m)]);

    private TestStore _store = null!;
    private TableQueue _queue = null!;

    private ITableStore Stored => _store.Tables;

    public async Task InitializeAsync()
    {
        _store = await TestStore.OpenAsync();
        _queue = new TableQueue(Stored, new TableQueueOptions(), TimeProvider.System);
        await new Funds(new BookStore(Stored), TimeProvider.System).OpenWalletAsync(Tenant, 100, "test", CancellationToken.None);
        var terms = new PlanTerms("sc_1", 0, 50, BillingInterval.Month, RollsOver: false, BundlesRollOver: true);
        await new BillingBooks(new BookStore(Stored), Stored, TimeProvider.System).ChangeAsync(
            new BillingOwner(Tenant, "con_1", null), DateTimeOffset.UtcNow, (edit, _) => new BillingChange(Lifecycle.Open(edit, "as_test_" + Ulid.Create(edit.At), terms, edit.At), []), CancellationToken.None);
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Delivering_every_record_three_times_over_restarts_charges_each_once()
    {
        var records = Enumerable.Range(0, 120).Select(_ => Record() with { Rate = QuarterPerCall }).ToList();
        for (var delivery = 0; delivery < 3; delivery++)
        {
            // A new meterer knows nothing of the one before: a restart.
            var meterer = NewMeterer();
            foreach (var batch in records.Skip(delivery * 7).Concat(records).Chunk(50)) await meterer.MeterAsync(Tenant, batch, CancellationToken.None);
        }

        (await Balances()).ShouldBe((100 - (120 * 0.5m), 50 - (120 * 0.25m)));
    }

    [Fact]
    public async Task Two_instances_that_meter_the_same_records_at_once_charge_each_once()
    {
        var records = Enumerable.Range(0, 60).Select(_ => Record() with { Rate = QuarterPerCall }).ToList();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => NewMeterer().MeterAsync(Tenant, records, CancellationToken.None)));
        (await Balances()).ShouldBe((70m, 35m));
    }

    [Fact]
    public async Task Calls_for_which_nothing_is_held_take_what_nobody_holds_and_reported_usage_is_charged_whatever_is_left()
    {
        await NewMeterer().MeterAsync(Tenant, [.. Enumerable.Range(0, 60).Select(_ => Record())], CancellationToken.None);
        (await Balances()).ShouldBe((70m, 0m));
        await NewMeterer().MeterAsync(Tenant, [Record() with { ClaimHash = "a-report", IsManaged = false }], CancellationToken.None);
        (await Balances()).ShouldBe((70m, -1m));
    }

    [Fact]
    public async Task A_record_that_comes_after_the_sweep_gave_its_call_up_still_counts_once()
    {
        var record = Record();
        await NewMeterer().MeterAsync(Tenant, [record with { IsError = true, IsSwept = true, IsManaged = false, IsBilled = false }], CancellationToken.None);
        (await Balances()).ShouldBe((100m, 50m));
        for (var i = 0; i < 2; i++) await NewMeterer().MeterAsync(Tenant, [record], CancellationToken.None);
        (await Balances()).ShouldBe((99.5m, 49m));
    }

    [Fact]
    public async Task An_error_and_a_call_with_billing_off_are_shown_and_not_charged()
    {
        var requests = await NewMeterer().MeterAsync(Tenant, [Record() with { IsError = true }, Record() with { IsBilled = false, IsManaged = false }], CancellationToken.None);
        requests.Select(request => request.Charge?.Amount ?? 0).ShouldBe([0m, 1m], ignoreOrder: true);
        (await Balances()).ShouldBe((100m, 50m));
    }

    [Fact]
    public async Task What_a_call_had_reserved_comes_off_the_lease_with_its_charge()
    {
        BookStore books = new BookStore(Stored);
        var instance = new Instance(TimeProvider.System);
        var budgets = new Budgets(books, instance, new UsageQueueFences(_queue, TimeProvider.System), TimeProvider.System, NullLogger<Budgets>.Instance);
        var book = BookKey.Customer(Tenant, "con_1");
        var held = await budgets.TryReserveAsync(book, Account.Credits, 5, CancellationToken.None);
        held!.Settle();
        var leased = (await books.ReadAsync(book, CancellationToken.None))!.Leases[instance.Id].Amount;
        await NewMeterer().MeterAsync(Tenant, [Record() with { Instance = instance.Id, ReservedCharge = 5 }], CancellationToken.None);
        var head = (await books.ReadAsync(book, CancellationToken.None))!;
        head.Leases[instance.Id].Amount.ShouldBe(leased - 5);
        head.Balance(Account.Credits).ShouldBe(49);
    }

    [Fact]
    public async Task A_call_whose_reservation_was_given_to_others_takes_only_what_nobody_holds()
    {
        BookStore books = new BookStore(Stored);
        var budgets = new Budgets(books, new Instance(TimeProvider.System), new UsageQueueFences(_queue, TimeProvider.System), TimeProvider.System, NullLogger<Budgets>.Instance);
        (await budgets.TryReserveAsync(BookKey.Customer(Tenant, "con_1"), Account.Credits, 49.5m, CancellationToken.None)).ShouldNotBeNull();
        (await budgets.TryReserveAsync(BookKey.Wallet(Tenant), Account.Wallet, 99.25m, CancellationToken.None)).ShouldNotBeNull();

        // The lease of "gone" has been ended. The first call's 0.5 fits into what nobody holds of the wallet, its 1 not into what nobody holds of the credits.
        var lost = Record() with { Instance = "gone", ReservedCharge = 1, ReservedCost = 0.5m };
        var first = (await NewMeterer().MeterAsync(Tenant, [lost], CancellationToken.None)).Single();
        (first.ForgoneCost, first.DueCost, first.Charge!.Forgone, first.Charge.Amount).ShouldBe((0, 0.5m, 1, 0));
        var second = (await NewMeterer().MeterAsync(Tenant, [Record() with { Instance = "gone", ReservedCharge = 1, ReservedCost = 0.5m }], CancellationToken.None)).Single();
        (second.ForgoneCost, second.DueCost, second.CostEntry).ShouldBe((0.5m, 0, null));
        (await Balances()).ShouldBe((99.5m, 50m));

        // A second delivery finds what the first decided.
        await NewMeterer().MeterAsync(Tenant, [lost], CancellationToken.None);
        (await Balances()).ShouldBe((99.5m, 50m));
    }

    [Fact]
    public async Task A_fence_that_arrives_frees_what_is_left_of_a_lease_and_one_that_was_renewed_meanwhile_stays()
    {
        BookStore books = new BookStore(Stored);
        var instance = new Instance(TimeProvider.System);
        var budgets = new Budgets(books, instance, new UsageQueueFences(_queue, TimeProvider.System), TimeProvider.System, NullLogger<Budgets>.Instance);
        var book = BookKey.Wallet(Tenant);
        (await budgets.TryReserveAsync(book, Account.Wallet, 100, CancellationToken.None)).ShouldNotBeNull();
        var seen = (await books.ReadAsync(book, CancellationToken.None))!.Leases[instance.Id].Until;
        await LeaseFences.ApplyAsync(new BookStore(Stored), new LeaseFence(book.Partition, instance.Id, seen.AddTicks(1)), CancellationToken.None);
        (await books.ReadAsync(book, CancellationToken.None))!.Leases.Count.ShouldBe(1);
        await LeaseFences.ApplyAsync(new BookStore(Stored), new LeaseFence(book.Partition, instance.Id, seen), CancellationToken.None);
        (await books.ReadAsync(book, CancellationToken.None))!.Leases.ShouldBeEmpty();
    }

    private Meterer NewMeterer() =>
        new(new BookStore(Stored), Stored, new RequestIndex(Stored), new PendingCalls(Stored, new StoreGate(Stored, TimeProvider.System), NullLogger<PendingCalls>.Instance), new BillingTriggers(_queue, new NobodyListens(), new AutoReloadStore(Stored, TimeProvider.System), TimeProvider.System), TimeProvider.System);

    private async Task<(decimal Wallet, decimal Credits)> Balances()
    {
        BookStore books = new BookStore(Stored);
        var wallet = await books.ReadAsync(BookKey.Wallet(Tenant), CancellationToken.None);
        var customer = (await books.ReadAsync(BookKey.Customer(Tenant, "con_1"), CancellationToken.None))!;
        customer.Lots.Sum(lot => lot.Amount).ShouldBe(Math.Max(0, customer.Balance(Account.Credits)));
        return (wallet!.Balance(Account.Wallet), customer.Balance(Account.Credits));
    }

    private static UsageRecord Record()
    {
        var now = DateTimeOffset.UtcNow;
        var call = Ulid.Create(now);
        return new UsageRecord
        {
            Call = call, RequestId = "req_test_" + call, CreatedAt = now, CompletedAt = now, Provider = "openai", ProviderKeyType = "managed", Endpoint = "POST x",
            Usage = new Usage { InputTokens = 10 }, Cost = 0.5m, CustomerId = "con_1", MeterId = "meter_1", Rate = PerCall, IsBilled = true, IsManaged = true,
        };
    }
}
