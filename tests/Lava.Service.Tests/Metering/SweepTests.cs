using Lava.Contracts.Tests;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.Ledger;
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
using Lava.Service.Storage;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lava.Service.Tests.Metering;

/// <summary>Calls whose server died before their usage was known.</summary>
public sealed class SweepTests : IAsyncLifetime
{
    private static readonly Tenant Tenant = new("mer_x", Mode.Test);
    private static readonly Tenant Other = new("mer_y", Mode.Live);
    private static readonly TimeSpan Age = TimeSpan.FromHours(1);

    private readonly ManualTime _time = new();
    private TestStore _store = null!;
    private PendingCalls _pending = null!;
    private Meterer _meterer = null!;

    public async Task InitializeAsync()
    {
        _store = await TestStore.OpenAsync();
        var tables = _store.Tables;
        _pending = new PendingCalls(tables, new StoreGate(tables, _time), NullLogger<PendingCalls>.Instance);
        var triggers = new BillingTriggers(new TableQueue(tables, new TableQueueOptions(), _time), new NobodyListens(), new AutoReloadStore(tables, _time), _time);
        _meterer = new Meterer(new BookStore(tables), tables, new RequestIndex(tables), _pending, triggers, _time);
        foreach (var tenant in new[] { Tenant, Other }) await new Funds(new BookStore(tables), _time).OpenWalletAsync(tenant, 100, "test", CancellationToken.None);
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Calls_older_than_the_bound_are_closed_whoever_made_them_and_younger_ones_go_on()
    {
        var old = Draft();
        var others = Draft();
        _pending.Add(Tenant, old);
        _pending.Add(Other, others);
        await _pending.FlushAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromMinutes(30));
        var young = Draft();
        _pending.Add(Tenant, young);
        await _pending.FlushAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromMinutes(31));

        (await Sweep().RunAsync(Age, CancellationToken.None)).ShouldBe(2);
        (await _pending.FindAsync(old.Call, CancellationToken.None)).ShouldBeNull();
        (await _pending.FindAsync(others.Call, CancellationToken.None)).ShouldBeNull();
        (await _pending.FindAsync(young.Call, CancellationToken.None)).ShouldNotBeNull();
        (await Sweep().RunAsync(Age, CancellationToken.None)).ShouldBe(0);
        (await BalanceAsync(Tenant)).ShouldBe(100);
        (await BalanceAsync(Other)).ShouldBe(100);
    }

    [Fact]
    public async Task A_record_that_comes_after_its_call_was_closed_is_charged_once()
    {
        var call = Draft();
        _pending.Add(Tenant, call);
        await _pending.FlushAsync(CancellationToken.None);
        _time.Advance(Age + TimeSpan.FromMinutes(1));
        (await Sweep().RunAsync(Age, CancellationToken.None)).ShouldBe(1);

        var late = call with { Usage = new Usage { InputTokens = 10 }, Cost = 0.5m, HasPendingRow = true };
        for (var delivery = 0; delivery < 2; delivery++) await _meterer.MeterAsync(Tenant, [late], CancellationToken.None);
        (await Sweep().RunAsync(Age, CancellationToken.None)).ShouldBe(0);
        (await BalanceAsync(Tenant)).ShouldBe(99.5m);
    }

    [Fact]
    public async Task A_call_whose_row_outlived_its_record_is_not_closed_as_an_error_and_loses_the_row()
    {
        var call = Draft();
        _pending.Add(Tenant, call);
        await _pending.FlushAsync(CancellationToken.None);

        // The record said that there was no row: the server died between the two.
        await _meterer.MeterAsync(Tenant, [call with { Usage = new Usage { InputTokens = 10 }, Cost = 0.5m }], CancellationToken.None);
        _time.Advance(Age + TimeSpan.FromMinutes(1));
        await Sweep().RunAsync(Age, CancellationToken.None);
        (await _pending.FindAsync(call.Call, CancellationToken.None)).ShouldBeNull();
        (await BalanceAsync(Tenant)).ShouldBe(99.5m);
    }

    private Sweep Sweep() => new(_pending, _meterer, _time, NullLogger<Sweep>.Instance);

    private async Task<decimal> BalanceAsync(Tenant tenant) =>
        (await new BookStore(_store.Tables).ReadAsync(BookKey.Wallet(tenant), CancellationToken.None))!.Balance(Account.Wallet);

    private UsageRecord Draft()
    {
        var now = _time.GetUtcNow();
        var call = Ulid.Create(now);
        return new UsageRecord
        {
            Call = call, RequestId = "req_test_" + call, CreatedAt = now, CompletedAt = now, Provider = "openai", ProviderKeyType = "managed", Endpoint = "POST x", IsManaged = true,
        };
    }
}
