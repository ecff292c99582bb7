using Lava.Core.Billing;
using Lava.Core.Ledger;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Due;
using Lava.Service.Billing.Subscriptions;
using Lava.Service.Ledger.Books;
using Lava.Service.Ports.Tables;
using Lava.Service.Pricing.Plans;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Billing;

public sealed class DueWorkTests
{
    [Fact]
    public async Task Two_timers_at_once_over_ten_thousand_due_subscriptions_renew_each_exactly_once()
    {
        var world = await BillingWorld.CreateAsync(DateTimeOffset.UnixEpoch, 3);
        var owners = new List<BillingOwner>();
        for (var i = TestStore.Cases(10_000); i > 0; i--) owners.Add(await world.AddCustomerAsync(card: null, isClocked: false));
        world.Move(TimeSpan.FromDays(32));
        await using var other = world.NewInstance();
        await Task.WhenAll(world.Get<DueWork>().RunAsync(default).AsTask(), BillingWorld.GetFrom<DueWork>(other).RunAsync(default).AsTask());

        var entries = await Task.WhenAll(owners.Select(async owner => await world.Store.QueryAsync(TableNames.Books, owner.Book.Partition, KeyRange.Prefix(BookRows.EntryPrefix), 100, default)));
        foreach (var (owner, rows) in owners.Zip(entries))
        {
            // The first cycle's credit, its end, the second cycle's credit.
            rows.Count.ShouldBe(3, owner.CustomerId);
        }

        var states = await Task.WhenAll(owners.Select(owner => world.StateAsync(owner)));
        states.ShouldAllBe(state => state.Subscription.Cycle == 1 && state.Head.Balance(Account.Credits) == 3);
        (await world.Get<DueWork>().RunAsync(default)).ShouldBe(0);
    }

    [Fact]
    public async Task Only_what_is_due_is_visited()
    {
        var world = await BillingWorld.CreateAsync(DateTimeOffset.UnixEpoch);
        for (var i = 0; i < 50; i++) await world.AddCustomerAsync(card: null, isClocked: false);
        world.Move(TimeSpan.FromDays(20));
        await world.AddCustomerAsync(card: null, isClocked: false);
        (await world.Get<DueWork>().RunAsync(default)).ShouldBe(0);
        world.Move(TimeSpan.FromDays(12));
        (await world.Get<DueWork>().RunAsync(default)).ShouldBe(50);
    }

    [Fact]
    public async Task A_customer_whose_billing_fails_holds_up_nobody_else_and_stays_due()
    {
        var world = await BillingWorld.CreateAsync(DateTimeOffset.UnixEpoch);
        var owners = new List<BillingOwner>();
        for (var i = 0; i < 5; i++) owners.Add(await world.AddCustomerAsync(card: null, isClocked: false));
        await world.Store.CommitAsync(TableNames.Books, owners[2].Book.Partition, [TableWrite.Put(BookRows.Subscription, "{}"u8.ToArray())], default);
        await world.RestartAsync();
        world.Move(TimeSpan.FromDays(32));
        (await world.Get<DueWork>().RunAsync(default)).ShouldBe(4);
        foreach (var owner in owners.Where(owner => owner != owners[2])) (await world.StateAsync(owner)).Subscription.Cycle.ShouldBe(1);
    }

    [Fact]
    public async Task A_plan_that_was_withdrawn_ends_its_subscriptions_with_their_cycle()
    {
        var world = await BillingWorld.CreateAsync(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), 1);
        var plan = await world.AddPlanAsync("Old", 10, 10, BillingInterval.Month, rolls: false, bundlesRoll: true);
        var owner = await world.AddCustomerAsync();
        (await world.Get<SubscriptionService>().SubscribeAsync(owner, plan, new Purchase(), default)).IsDone.ShouldBeTrue();
        var (found, etag) = (await world.Get<PlanStore>().FindAsync(owner.Tenant, plan.Id, default))!.Value;
        await world.Get<PlanStore>().DeleteAsync(owner.Tenant, found, etag, default);
        (await world.StateAsync(owner)).Subscription.PlanId.ShouldBe(plan.Id);
        await world.AdvanceAsync(new DateTimeOffset(2027, 2, 2, 0, 0, 0, TimeSpan.Zero));
        (await world.StateAsync(owner)).Subscription.PlanId.ShouldNotBe(plan.Id);
        (await world.PaidAsync(owner)).ShouldBe(10);
    }
}
