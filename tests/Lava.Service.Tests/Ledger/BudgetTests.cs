using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Service.Ledger;

namespace Lava.Service.Tests.Ledger;

public sealed class BudgetTests : IAsyncLifetime
{
    private static readonly Tenant Tenant = new("mer_x", Mode.Test);
    private static readonly BookKey Book = BookKey.Wallet(Tenant);

    private readonly SettableTime _time = new();
    private TestStore _store = null!;

    public async Task InitializeAsync()
    {
        _store = await TestStore.OpenAsync();
        await new Funds(new Books(_store.Tables), _time).OpenWalletAsync(Tenant, 10, "test", CancellationToken.None);
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Two_hundred_calls_at_once_on_any_number_of_instances_never_reserve_more_than_there_is(int instances)
    {
        var budgets = Enumerable.Range(0, instances).Select(_ => NewInstance()).ToList();
        var reserved = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => budgets[i % instances].TryReserveAsync(Book, Account.Wallet, 1, CancellationToken.None).AsTask()));
        var granted = reserved.Count(reservation => reservation is not null);
        granted.ShouldBeLessThanOrEqualTo(10);
        if (instances == 1) granted.ShouldBe(10);
    }

    [Fact]
    public async Task What_is_released_can_be_reserved_again_and_an_end_counts_once()
    {
        var budgets = NewInstance();
        for (var i = 0; i < 30; i++)
        {
            var all = await budgets.TryReserveAsync(Book, Account.Wallet, 10, CancellationToken.None);
            all.ShouldNotBeNull();
            (await budgets.TryReserveAsync(Book, Account.Wallet, 1, CancellationToken.None)).ShouldBeNull();
            all.Release();
            all.Release();
            all.Settle();
        }
    }

    [Fact]
    public async Task The_lease_of_an_instance_that_died_is_free_again_when_it_has_run_out()
    {
        (await NewInstance().TryReserveAsync(Book, Account.Wallet, 10, CancellationToken.None)).ShouldNotBeNull();
        var other = NewInstance();
        (await other.TryReserveAsync(Book, Account.Wallet, 10, CancellationToken.None)).ShouldBeNull();
        _time.Advance(Budgets.LeaseTime + TimeSpan.FromSeconds(1));
        (await other.TryReserveAsync(Book, Account.Wallet, 10, CancellationToken.None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_lease_of_a_call_in_flight_is_renewed_and_an_idle_one_given_back()
    {
        var holder = NewInstance();
        var held = await holder.TryReserveAsync(Book, Account.Wallet, 10, CancellationToken.None);
        var other = NewInstance();
        for (var i = 0; i < 30; i++)
        {
            _time.Advance(Budgets.RenewalPeriod);
            await holder.KeepAsync(CancellationToken.None);
            (await other.TryReserveAsync(Book, Account.Wallet, 1, CancellationToken.None)).ShouldBeNull();
        }

        held!.Release();
        _time.Advance(TimeSpan.FromSeconds(11));
        await holder.KeepAsync(CancellationToken.None);
        (await other.TryReserveAsync(Book, Account.Wallet, 10, CancellationToken.None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task An_instance_whose_calls_are_always_over_when_it_looks_leases_no_more_and_more_of_the_budget()
    {
        var used = NewInstance();
        for (var second = 0; second < 1_800; second++)
        {
            // A quick call now and then, never one in flight when leases are looked at.
            if (second % 3 == 0) (await used.TryReserveAsync(Book, Account.Wallet, 0.5m, CancellationToken.None))!.Release();
            _time.Advance(TimeSpan.FromSeconds(1));
            if (second % 5 == 0) await used.KeepAsync(CancellationToken.None);
        }

        (await NewInstance().TryReserveAsync(Book, Account.Wallet, 7, CancellationToken.None)).ShouldNotBeNull();
        (await used.TryReserveAsync(Book, Account.Wallet, 3, CancellationToken.None)).ShouldNotBeNull();
    }

    private Budgets NewInstance() => new(new Books(_store.Tables), new Instance(_time), _time);

    private sealed class SettableTime : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan by) => _now += by;
    }
}
