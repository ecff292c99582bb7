using Lava.Core.Billing;
using Lava.Core.Ledger;
using Lava.Service.Billing;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Subscriptions;
using Lava.Service.Payments.Simulator;
using Lava.Service.Ports.Payments;
using Lava.Service.Pricing.Plans;

namespace Lava.Service.Tests.Billing;

/// <summary>How a payment that is under way is brought to its end.</summary>
public sealed class PaymentFlowTests
{
    private static readonly DateTimeOffset Start = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Uri Shop = new("https://shop.example/back");

    [Fact]
    public async Task A_payment_that_waits_for_its_cardholder_stays_under_way_for_an_hour_and_is_then_given_up()
    {
        var (world, owner, plan) = await BeginAsync();
        await world.Get<SubscriptionService>().SubscribeAsync(owner, plan, new Purchase(null, Shop), default);
        var flow = world.Get<PaymentFlow>();
        var waiting = (await world.StateAsync(owner)).Subscription;
        waiting.Paying!.CheckAt.ShouldBe(Start.AddHours(1));

        (await flow.FinishAsync(owner, waiting, null, Start.AddMinutes(59), default)).Status.ShouldBe(PaymentStatus.RequiresAction);
        (await world.StateAsync(owner)).Subscription.ShouldBe(waiting);
        (await flow.FinishAsync(owner, waiting, null, Start.AddHours(1), default)).Status.ShouldBe(PaymentStatus.Failed);
        var after = (await world.StateAsync(owner)).Subscription;
        (after.Paying, after.PlanId == plan.Id, await world.PaidAsync(owner)).ShouldBe((null, false, 0m));
    }

    [Fact]
    public async Task What_the_caller_has_heard_as_waiting_may_have_ended_since_and_is_asked_for_again()
    {
        var (world, owner, plan) = await BeginAsync();
        var begun = (await world.Get<SubscriptionService>().SubscribeAsync(owner, plan, new Purchase(null, Shop), default)).Payment!;
        var waiting = (await world.StateAsync(owner)).Subscription;
        await world.Get<SimulatedProcessor>().AuthenticateAsync(begun.Id, true, default);

        (await world.Get<PaymentFlow>().FinishAsync(owner, waiting, begun, Start.AddMinutes(1), default)).Status.ShouldBe(PaymentStatus.Succeeded);
        var after = await world.StateAsync(owner);
        (after.Subscription.PlanId, after.Subscription.Paying, after.Head.Balance(Account.Credits), await world.PaidAsync(owner)).ShouldBe((plan.Id, null, 10m, 10m));
    }

    [Fact]
    public async Task Finished_twice_from_one_state_the_money_is_booked_once()
    {
        var (world, owner, plan) = await BeginAsync();
        var begun = (await world.Get<SubscriptionService>().SubscribeAsync(owner, plan, new Purchase(null, Shop), default)).Payment!;
        var waiting = (await world.StateAsync(owner)).Subscription;
        await world.Get<SimulatedProcessor>().AuthenticateAsync(begun.Id, true, default);

        for (var round = 0; round < 2; round++)
            (await world.Get<PaymentFlow>().FinishAsync(owner, waiting, null, Start.AddMinutes(1), default)).Status.ShouldBe(PaymentStatus.Succeeded);
        ((await world.StateAsync(owner)).Head.Balance(Account.Credits), await world.PaidAsync(owner)).ShouldBe((10m, 10m));
        (await world.AuditAsync()).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_a_customers_own_payment_is_found()
    {
        var (world, owner, plan) = await BeginAsync("pm_card_visa");
        var other = await world.AddCustomerAsync();
        var paid = (await world.Get<SubscriptionService>().SubscribeAsync(owner, plan, new Purchase(), default)).Payment!;
        var flow = world.Get<PaymentFlow>();
        (await flow.FindOwnAsync(owner, paid.Id, default)).ShouldNotBeNull().Amount.ShouldBe(10);
        (await flow.FindOwnAsync(other, paid.Id, default)).ShouldBeNull();
    }

    private static async Task<(BillingWorld World, BillingOwner Owner, Plan Plan)> BeginAsync(string card = "pm_card_authenticationRequired")
    {
        var world = await BillingWorld.CreateAsync(Start);
        return (world, await world.AddCustomerAsync(card), await world.AddPlanAsync("Paid", 10, 10, BillingInterval.Month, rolls: false, bundlesRoll: true));
    }
}
