using Lava.Core.Billing;
using Lava.Core.Ledger;
using Lava.Service.Billing;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Subscriptions;
using Lava.Service.Payments;
using Lava.Service.Payments.Simulator;
using Lava.Service.Ports.Payments;
using Lava.Service.Pricing.Plans;

namespace Lava.Service.Tests.Billing;

public sealed class PastDueTests
{
    private static readonly DateTimeOffset Start = new(2028, 1, 31, 9, 30, 0, TimeSpan.Zero);
    private static readonly Uri Shop = new("https://shop.example/done");

    [Fact]
    public async Task It_is_seen_with_what_is_owed_since_when_and_the_next_attempt_and_with_no_credits()
    {
        var (world, owner, _) = await BeginAsync(rolls: true);
        var shown = await world.Get<SubscriptionViews>().ShowAsync(world.Tenant, await world.StateAsync(owner), default);
        shown.Status.ShouldBe("past_due");
        var end = Start.AddMonths(1);
        shown.PastDue.ShouldBe(new PastDueResponse("10.00", end, 1, end.AddDays(1)));
        shown.Credits.ShouldBe(new SubscriptionCredits("0.00", "0.00", "0.00"));

        // What was carried over is the customer's again when the renewal is paid: 10 and 10.
        await UseCardAsync(world, owner, "pm_card_visa");
        await world.AdvanceAsync(end.AddDays(1));
        shown = await world.Get<SubscriptionViews>().ShowAsync(world.Tenant, await world.StateAsync(owner), default);
        (shown.Status, shown.PastDue, shown.Credits.TotalRemaining).ShouldBe(("active", null, "20.00"));
    }

    [Fact]
    public async Task A_bundle_is_not_sold_while_its_credits_could_not_be_spent()
    {
        var (world, owner, plan) = await BeginAsync();
        await UseCardAsync(world, owner, "pm_card_visa");
        var result = await world.Get<SubscriptionService>().BuyBundleAsync(owner, plan.Bundles[0], new Purchase(), default);
        (result.Error?.Code, result.Error?.Status).ShouldBe(("subscription_past_due", 409));
        (await world.PaidAsync(owner)).ShouldBe(10);
    }

    [Fact]
    public async Task It_is_paid_at_once_when_somebody_asks_and_a_declined_try_changes_nothing_of_the_schedule()
    {
        var (world, owner, plan) = await BeginAsync();
        var service = world.Get<SubscriptionService>();
        for (var i = 0; i < 6; i++) (await service.PayAsync(owner, null, new Purchase(), default)).Payment!.Status.ShouldBe(PaymentStatus.Failed);
        var pastDue = (await world.StateAsync(owner)).Subscription.PastDue!;
        (pastDue.Attempts, pastDue.RetryAt).ShouldBe((1, Start.AddMonths(1).AddDays(1)));

        await UseCardAsync(world, owner, "pm_card_visa");
        (await service.PayAsync(owner, null, new Purchase(), default)).IsDone.ShouldBeTrue();
        var state = await world.StateAsync(owner);
        (state.Subscription.PastDue, state.Subscription.PlanId, state.Subscription.CycleEnd, state.Head.Balance(Account.Credits)).ShouldBe((null, plan.Id, new DateTimeOffset(2028, 3, 31, 9, 30, 0, TimeSpan.Zero), 10m));
        (await world.PaidAsync(owner)).ShouldBe(20);
        (await service.PayAsync(owner, null, new Purchase(), default)).Error!.Code.ShouldBe("nothing_due");
    }

    [Fact]
    public async Task Another_card_and_a_checkout_of_the_same_plan_try_at_once()
    {
        var (world, owner, _) = await BeginAsync();
        var card = (await world.Get<IPaymentProcessor>().AddMethodAsync(Who(owner), "pm_card_visa", default)).Method!;
        await world.Get<CardTriggers>().GivenAsync(Who(owner), card.Id, default);
        await world.PumpAsync();
        ((await world.StateAsync(owner)).Subscription.PastDue, await world.PaidAsync(owner)).ShouldBe((null, 20m));

        (world, owner, var plan) = await BeginAsync();
        card = (await world.Get<IPaymentProcessor>().AddMethodAsync(Who(owner), "pm_card_visa", default)).Method!;
        (await world.Get<SubscriptionService>().SubscribeAsync(owner, plan, new Purchase(card.Id), default)).IsDone.ShouldBeTrue();
        ((await world.StateAsync(owner)).Subscription.PastDue, await world.PaidAsync(owner)).ShouldBe((null, 20m));
    }

    [Fact]
    public async Task A_top_up_that_was_declined_is_tried_again_with_another_card()
    {
        var world = await BillingWorld.CreateAsync(Start);
        var owner = await world.AddCustomerAsync();
        var plan = await world.AddPlanAsync("A", 10, 10, BillingInterval.Month, rolls: false, bundlesRoll: true, topsUp: true);
        (await world.Get<SubscriptionService>().SubscribeAsync(owner, plan, new Purchase(), default)).IsDone.ShouldBeTrue();
        await UseCardAsync(world, owner, "pm_card_chargeDeclined");
        await world.MeterAsync(world.Usage(owner, 10));
        (await world.StateAsync(owner)).Subscription.TopUpDeclines.ShouldBe(1);
        await world.Get<CardTriggers>().GivenAsync(Who(owner), await UseCardAsync(world, owner, "pm_card_visa"), default);
        await world.PumpAsync();
        (await world.StateAsync(owner)).Head.Balance(Account.Credits).ShouldBe(6);
    }

    [Fact]
    public async Task A_bank_may_ask_the_customer_who_pays_now()
    {
        var (world, owner, _) = await BeginAsync();
        var card = await UseCardAsync(world, owner, "pm_card_authenticationRequired");
        var service = world.Get<SubscriptionService>();
        (await service.PayAsync(owner, null, new Purchase(card), default)).Payment!.DeclineCode.ShouldBe("authentication_required");
        var waiting = (await service.PayAsync(owner, null, new Purchase(card, Shop), default)).Payment!;
        waiting.Status.ShouldBe(PaymentStatus.RequiresAction);
        await world.Get<SimulatedProcessor>().AuthenticateAsync(waiting.Id, true, default);
        await world.Get<Biller>().FinishPaymentAsync(owner, (await world.StateAsync(owner)).Subscription.Paying!.Key, null, default);
        ((await world.StateAsync(owner)).Subscription.PastDue, await world.PaidAsync(owner)).ShouldBe((null, 20m));
    }

    [Fact]
    public async Task A_payment_that_waits_for_a_bank_gives_way_to_another_card_or_plan_at_once()
    {
        var world = await BillingWorld.CreateAsync(Start);
        var owner = await world.AddCustomerAsync("pm_card_authenticationRequired");
        var (first, second) = (await world.AddPlanAsync("A", 10, 10, BillingInterval.Month, false, true), await world.AddPlanAsync("B", 20, 20, BillingInterval.Month, false, true));
        var service = world.Get<SubscriptionService>();
        var waiting = (await service.SubscribeAsync(owner, first, new Purchase(null, Shop), default)).Payment!;
        waiting.Status.ShouldBe(PaymentStatus.RequiresAction);
        var visa = await UseCardAsync(world, owner, "pm_card_visa");
        (await service.SubscribeAsync(owner, second, new Purchase(visa, Shop), default)).IsDone.ShouldBeTrue();
        (await world.StateAsync(owner)).Subscription.PlanId.ShouldBe(second.Id);

        // Whoever comes back to the bank's page pays nothing any more.
        await world.Get<SimulatedProcessor>().AuthenticateAsync(waiting.Id, true, default);
        (await world.PaidAsync(owner)).ShouldBe(20);
    }

    [Fact]
    public async Task A_payment_that_is_made_at_the_moment_in_which_it_is_given_up_is_booked_and_counts()
    {
        var world = await BillingWorld.CreateAsync(Start);
        var owner = await world.AddCustomerAsync("pm_card_authenticationRequired");
        var plan = await world.AddPlanAsync("A", 10, 10, BillingInterval.Month, false, true);
        var service = world.Get<SubscriptionService>();
        var waiting = (await service.SubscribeAsync(owner, plan, new Purchase(null, Shop), default)).Payment!;
        await world.Get<SimulatedProcessor>().AuthenticateAsync(waiting.Id, true, default);
        var visa = await UseCardAsync(world, owner, "pm_card_visa");
        (await service.SubscribeAsync(owner, plan, new Purchase(visa, Shop), default)).Error!.Code.ShouldBe("already_subscribed");
        ((await world.StateAsync(owner)).Subscription.PlanId, await world.PaidAsync(owner)).ShouldBe((plan.Id, 10m));
    }

    /// <summary>A customer whose first renewal of a plan of 10.00 a month was declined a moment ago.</summary>
    private static async Task<(BillingWorld World, BillingOwner Owner, Plan Plan)> BeginAsync(bool rolls = false)
    {
        var world = await BillingWorld.CreateAsync(Start);
        var owner = await world.AddCustomerAsync();
        var plan = await world.AddPlanAsync("A", 10, 10, BillingInterval.Month, rolls, bundlesRoll: false);
        (await world.Get<SubscriptionService>().SubscribeAsync(owner, plan, new Purchase(), default)).IsDone.ShouldBeTrue();
        await UseCardAsync(world, owner, "pm_card_chargeDeclined");
        await world.AdvanceAsync(Start.AddMonths(1));
        return (world, owner, plan);
    }

    private static async Task<string> UseCardAsync(BillingWorld world, BillingOwner owner, string token)
    {
        var cards = world.Get<IPaymentProcessor>();
        var card = (await cards.AddMethodAsync(Who(owner), token, default)).Method!;
        await cards.SetDefaultMethodAsync(Who(owner), card.Id, default);
        return card.Id;
    }

    private static string Who(BillingOwner owner) => PaymentOwners.Customer(owner.Tenant, owner.CustomerId);
}
