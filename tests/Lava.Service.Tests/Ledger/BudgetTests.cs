using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Service.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Ledger.Leases;
using Lava.Service.Ports.Tables;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lava.Service.Tests.Ledger;

public sealed class BudgetTests : IAsyncLifetime
{
    private static readonly Tenant Tenant = new("mer_x", Mode.Test);
    private static readonly BookKey Book = BookKey.Wallet(Tenant);
    private static readonly BookKey OtherBook = BookKey.Wallet(new Tenant("mer_y", Mode.Test));

    private readonly TestClock _clock = new();
    private TestStore _store = null!;
    private BrokenTables _tables = null!;
    private FenceQueue _fences = null!;

    public async Task InitializeAsync()
    {
        _store = await TestStore.OpenAsync();
        _tables = new BrokenTables(_store.Tables);
        _fences = new FenceQueue(new BookStore(_store.Tables));
        await new Funds(new BookStore(_store.Tables), _clock).OpenWalletAsync(Tenant, 10, "test", CancellationToken.None);
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Two_hundred_calls_at_once_on_any_number_of_instances_never_reserve_more_than_there_is(int instances)
    {
        var budgets = Enumerable.Range(0, instances).Select(_ => NewInstance()).ToList();
        var reserved = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => TakeAsync(budgets[i % instances], 1).AsTask()));
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
            var all = await TakeAsync(budgets, 10);
            all.ShouldNotBeNull();
            (await TakeAsync(budgets, 1)).ShouldBeNull();
            all.Release();
            all.Release();
            all.Settle();
        }
    }

    [Fact]
    public async Task Time_alone_frees_nothing_and_a_fence_frees_what_an_instance_held_that_died()
    {
        (await TakeAsync(NewInstance(), 10)).ShouldNotBeNull();
        var other = NewInstance();
        (await TakeAsync(other, 1)).ShouldBeNull();
        _fences.Count.ShouldBe(0);
        _clock.Advance(LapsedLeases.WatchTime);
        (await TakeAsync(other, 1)).ShouldBeNull();
        _fences.Count.ShouldBe(1);
        (await TakeAsync(other, 1)).ShouldBeNull();
        _fences.Count.ShouldBe(1);
        await _fences.ArriveAsync();
        (await TakeAsync(other, 10)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_lease_whose_end_is_long_ago_is_fenced_off_at_once()
    {
        (await TakeAsync(NewInstance(), 10)).ShouldNotBeNull();
        _clock.Advance(TimeSpan.FromHours(1));
        var other = NewInstance();
        (await TakeAsync(other, 1)).ShouldBeNull();
        await _fences.ArriveAsync();
        (await TakeAsync(other, 10)).ShouldNotBeNull();
    }

    [Fact]
    public async Task An_instance_that_renews_its_lease_is_never_fenced_off_however_wrong_its_wall_clock_is()
    {
        var slow = new TestClock();
        slow.SetWall(TimeSpan.FromMinutes(-5));
        var holder = NewInstance(slow);
        var held = await TakeAsync(holder, 10);
        var other = NewInstance();
        for (var i = 0; i < 40; i++)
        {
            _clock.Advance(Budgets.RenewalPeriod);
            slow.Advance(Budgets.RenewalPeriod);
            await holder.KeepAsync(CancellationToken.None);
            (await TakeAsync(other, 1)).ShouldBeNull();
        }

        _fences.Count.ShouldBe(0);
        (await holder.ConfirmAsync(held!, CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public async Task An_instance_that_stood_still_learns_that_its_reservation_is_lost_and_reserves_anew_only_what_is_left()
    {
        var frozen = NewInstance();
        var first = (await TakeAsync(frozen, 4))!;
        var second = (await TakeAsync(frozen, 4))!;
        var other = NewInstance();
        (await TakeAsync(other, 6)).ShouldBeNull();
        _clock.Advance(LapsedLeases.WatchTime);
        (await TakeAsync(other, 6)).ShouldBeNull();
        await _fences.ArriveAsync();
        (await TakeAsync(other, 6)).ShouldNotBeNull();

        (await frozen.ConfirmAsync(first, CancellationToken.None)).ShouldBeFalse();
        var again = await frozen.EnsureAsync(first, CancellationToken.None);
        again.ShouldNotBeNull();
        again.Holder.ShouldNotBe(second.Holder);
        (await frozen.EnsureAsync(second, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task An_instance_that_stood_still_and_lost_nothing_goes_on()
    {
        var frozen = NewInstance();
        var held = (await TakeAsync(frozen, 10))!;
        _clock.Advance(TimeSpan.FromSeconds(75));
        held.IsGood.ShouldBeFalse();
        (await frozen.ConfirmAsync(held, CancellationToken.None)).ShouldBeTrue();
        held.IsGood.ShouldBeTrue();
    }

    [Theory]
    [InlineData(3_600)]
    [InlineData(-3_600)]
    public async Task A_wall_clock_that_is_set_frees_nothing_of_what_the_instance_itself_holds(int seconds)
    {
        var budgets = NewInstance();
        var held = (await TakeAsync(budgets, 9))!;
        _clock.SetWall(TimeSpan.FromSeconds(seconds));
        (await TakeAsync(budgets, 9)).ShouldBeNull();
        (await TakeAsync(budgets, 1)).ShouldNotBeNull();
        (await budgets.ConfirmAsync(held, CancellationToken.None)).ShouldBeTrue();
        _fences.Count.ShouldBe(0);
    }

    [Fact]
    public async Task What_durable_records_will_charge_is_not_free_before_they_are_booked_however_late_that_is()
    {
        var budgets = NewInstance();
        for (var i = 0; i < 10; i++) (await TakeAsync(budgets, 1))!.Settle();
        var other = NewInstance();
        for (var minutes = 0; minutes < 40; minutes++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            await budgets.KeepAsync(CancellationToken.None);
            (await TakeAsync(budgets, 1)).ShouldBeNull();
            (await TakeAsync(other, 1)).ShouldBeNull();
        }
    }

    [Fact]
    public async Task A_book_out_of_reach_lets_no_other_lease_lapse()
    {
        await new Funds(new BookStore(_store.Tables), _clock).OpenWalletAsync(OtherBook.Tenant, 10, "test", CancellationToken.None);
        var budgets = NewInstance();
        var stuck = (await TakeAsync(budgets, 1))!;
        var held = (await budgets.TryReserveAsync(OtherBook, Account.Wallet, 1, CancellationToken.None))!;
        _tables.Throttled = Book.Partition;
        for (var i = 0; i < 30; i++)
        {
            _clock.Advance(Budgets.RenewalPeriod);
            await budgets.KeepAsync(CancellationToken.None);
            held.IsGood.ShouldBeTrue();
        }

        stuck.IsGood.ShouldBeFalse();
        await Should.ThrowAsync<TableStoreException>(async () => await budgets.ConfirmAsync(stuck, CancellationToken.None));
        _tables.Throttled = null;
        (await budgets.ConfirmAsync(stuck, CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public async Task Thousands_of_leases_are_renewed_in_one_look_with_one_write_each()
    {
        const int Count = 2_000;
        var funds = new Funds(new BookStore(_store.Tables), _clock);
        var budgets = NewInstance();
        var held = new Reservation[Count];
        await Parallel.ForAsync(0, Count, async (i, token) =>
        {
            var book = BookKey.Wallet(new Tenant($"mer_{i}", Mode.Test));
            await funds.OpenWalletAsync(book.Tenant, 10, "test", token);
            held[i] = (await budgets.TryReserveAsync(book, Account.Wallet, 1, token))!;
        });
        _clock.Advance(Budgets.LeaseTime / 2);
        var before = _tables.Writes;
        await budgets.KeepAsync(CancellationToken.None);
        (_tables.Writes - before).ShouldBe(Count);
        _clock.Advance(Budgets.TrustTime - TimeSpan.FromSeconds(1));
        held.Count(reservation => reservation.IsGood).ShouldBe(Count);
    }

    [Fact]
    public async Task A_grant_whose_answer_got_lost_is_free_again_once_its_lease_is_ended_by_a_fence()
    {
        var budgets = NewInstance();
        _tables.LostAnswers = 1;
        await Should.ThrowAsync<TableStoreException>(async () => await TakeAsync(budgets, 10));
        (await TakeAsync(budgets, 10)).ShouldBeNull();
        await SettleDoubtAsync(budgets);
        (await TakeAsync(budgets, 10)).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_is_given_back_by_a_commit_whose_answer_got_lost_is_given_back_once()
    {
        var budgets = NewInstance();
        var held = (await TakeAsync(budgets, 5))!;
        (await TakeAsync(budgets, 5))!.Release();
        _clock.Advance(TimeSpan.FromSeconds(11));
        _tables.LostAnswers = 1;
        await budgets.KeepAsync(CancellationToken.None);
        for (var i = 0; i < 5; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(11));
            await budgets.KeepAsync(CancellationToken.None);
        }

        (await TakeAsync(NewInstance(), 6)).ShouldBeNull();
        held.Release();
        await SettleDoubtAsync(budgets);
        (await TakeAsync(NewInstance(), 10)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_reservation_whose_record_may_or_may_not_be_durable_stays_held_until_a_fence_has_passed_the_records()
    {
        var budgets = NewInstance();
        (await TakeAsync(budgets, 10))!.Doubt();
        (await TakeAsync(budgets, 1)).ShouldBeNull();
        await budgets.KeepAsync(CancellationToken.None);
        (await TakeAsync(budgets, 1)).ShouldBeNull();
        await SettleDoubtAsync(budgets);
        (await TakeAsync(budgets, 10)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_call_holds_what_it_is_known_to_take_and_the_rest_is_free_at_once()
    {
        var budgets = NewInstance();
        var held = (await TakeAsync(budgets, 10))!;
        held.Resize(0.25m);
        held.Settle();
        (await TakeAsync(budgets, 9.75m)).ShouldNotBeNull();
        (await TakeAsync(budgets, 0.01m)).ShouldBeNull();
    }

    [Fact]
    public async Task A_call_that_takes_more_than_it_held_takes_it_off_what_the_instance_has_free()
    {
        var budgets = NewInstance();
        var held = (await TakeAsync(budgets, 1))!;
        held.Resize(2.5m);
        held.Amount.ShouldBe(2.5m);
        held.Settle();
        (await TakeAsync(budgets, 7.6m)).ShouldBeNull();
        (await TakeAsync(budgets, 7.5m)).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_lease_of_a_call_in_flight_is_renewed_and_an_idle_one_given_back()
    {
        var holder = NewInstance();
        var held = await TakeAsync(holder, 10);
        var other = NewInstance();
        for (var i = 0; i < 30; i++)
        {
            _clock.Advance(Budgets.RenewalPeriod);
            await holder.KeepAsync(CancellationToken.None);
            (await TakeAsync(other, 1)).ShouldBeNull();
        }

        held!.Release();
        _clock.Advance(TimeSpan.FromSeconds(11));
        await holder.KeepAsync(CancellationToken.None);
        (await TakeAsync(other, 10)).ShouldNotBeNull();
    }

    [Fact]
    public async Task An_instance_whose_calls_are_always_over_when_it_looks_leases_no_more_and_more_of_the_budget()
    {
        var used = NewInstance();
        for (var second = 0; second < 1_800; second++)
        {
            // A quick call now and then, never one in flight when leases are looked at.
            if (second % 3 == 0) (await TakeAsync(used, 0.5m))!.Release();
            _clock.Advance(TimeSpan.FromSeconds(1));
            if (second % 5 == 0) await used.KeepAsync(CancellationToken.None);
        }

        (await TakeAsync(NewInstance(), 7)).ShouldNotBeNull();
        (await TakeAsync(used, 3)).ShouldNotBeNull();
    }

    private Budgets NewInstance(TimeProvider? time = null) =>
        new(new BookStore(_tables), new Instance(time ?? _clock), _fences, time ?? _clock, NullLogger<Budgets>.Instance);

    private static ValueTask<Reservation?> TakeAsync(Budgets budgets, decimal amount) => budgets.TryReserveAsync(Book, Account.Wallet, amount, CancellationToken.None);

    /// <summary>Two looks at the leases, the first of which drops those in doubt, and the fences arrive.</summary>
    private async Task SettleDoubtAsync(Budgets budgets)
    {
        for (var i = 0; i < 2; i++)
        {
            _clock.Advance(Budgets.RenewalPeriod);
            await budgets.KeepAsync(CancellationToken.None);
        }

        await _fences.ArriveAsync();
    }
}
