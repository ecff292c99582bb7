using Lava.Core.Billing;
using Lava.Core.Ledger;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Subscriptions;
using Lava.Service.Payments;
using Lava.Service.Payments.Simulator;
using Lava.Service.Ports.Payments;
using Lava.Service.Pricing.Plans;

namespace Lava.Service.Tests.Billing;

/// <summary>Payments that the customer authenticates with the bank.</summary>
public sealed class AuthenticatedPaymentTests
{
    private static readonly DateTimeOffset Start = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Uri Shop = new("https://shop.example/back");

    [Fact]
    public async Task An_upgrade_takes_effect_when_its_payment_is_authenticated_and_not_before()
    {
        var (world, owner, plan) = await BeginAsync();
        var waiting = await world.Get<SubscriptionService>().SubscribeAsync(owner, plan, new Purchase(null, Shop), default);
        (waiting.IsDone, waiting.Payment!.Status).ShouldBe((false, PaymentStatus.RequiresAction));
        (await world.StateAsync(owner)).Subscription.PlanId.ShouldNotBe(plan.Id);

        await EndAsync(world, waiting.Payment.Id, isApproved: true);
        var state = await world.StateAsync(owner);
        (state.Subscription.PlanId, state.Subscription.Paying, state.Head.Balance(Account.Credits)).ShouldBe((plan.Id, null, 10m));
        (await world.PaidAsync(owner)).ShouldBe(10);
    }

    [Fact]
    public async Task One_that_the_bank_refuses_changes_nothing()
    {
        var (world, owner, plan) = await BeginAsync();
        var waiting = await world.Get<SubscriptionService>().SubscribeAsync(owner, plan, new Purchase(null, Shop), default);
        await EndAsync(world, waiting.Payment!.Id, isApproved: false);
        var state = await world.StateAsync(owner);
        (state.Subscription.PlanId == plan.Id, state.Subscription.Paying, await world.PaidAsync(owner)).ShouldBe((false, null, 0m));
    }

    [Fact]
    public async Task One_that_nobody_comes_for_is_given_up_after_an_hour_and_bills_go_on()
    {
        var (world, owner, plan) = await BeginAsync();
        var waiting = await world.Get<SubscriptionService>().SubscribeAsync(owner, plan, new Purchase(null, Shop), default);
        await world.AdvanceAsync(Start.AddMonths(1).AddDays(1));
        var state = await world.StateAsync(owner);
        (state.Subscription.Paying, state.Subscription.Cycle, state.Subscription.PlanId == plan.Id).ShouldBe((null, 1, false));
        await EndAsync(world, waiting.Payment!.Id, isApproved: true);
        (await world.PaidAsync(owner)).ShouldBe(0);
    }

    [Fact]
    public async Task Money_that_comes_after_the_customer_was_deleted_is_given_back()
    {
        var (world, owner, plan) = await BeginAsync();
        var waiting = await world.Get<SubscriptionService>().SubscribeAsync(owner, plan, new Purchase(null, Shop), default);
        await world.Get<SubscriptionService>().CloseAsync(owner, default);
        await EndAsync(world, waiting.Payment!.Id, isApproved: true);
        (await world.Get<IPaymentProcessor>().FindAsync(waiting.Payment.Id, default))!.Refunded.ShouldBe(10);
    }

    [Fact]
    public async Task A_payment_is_refunded_up_to_what_was_paid_and_the_books_show_it()
    {
        var (world, owner, plan) = await BeginAsync("pm_card_visa");
        var paid = await world.Get<SubscriptionService>().SubscribeAsync(owner, plan, new Purchase(), default);
        var service = world.Get<SubscriptionService>();
        (await service.RefundAsync(owner, paid.Payment!.Id, 11, default)).Error!.Code.ShouldBe("validation_error");
        (await service.RefundAsync(owner, paid.Payment.Id, 4, default)).Entry.ShouldNotBeNull();
        (await world.Get<IPaymentProcessor>().FindAsync(paid.Payment.Id, default))!.Refunded.ShouldBe(4);
        var head = (await world.StateAsync(owner)).Head;
        (head.Balance(Account.Payments), head.Balance(Account.Refunds)).ShouldBe((-6m, -4m));
        (await service.RefundAsync(owner, paid.Payment.Id, null, default)).Entry.ShouldNotBeNull();
        (await service.RefundAsync(owner, paid.Payment.Id, null, default)).Error!.Code.ShouldBe("already_refunded");
        (await service.RefundAsync(owner, "pay_test_01KJKB3Q03R6KV1WZMXTZ5SMS8", null, default)).Error!.Code.ShouldBe("payment_not_found");
        (await world.AuditAsync()).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_adjustment_gives_and_takes_credits_with_its_reason()
    {
        var (world, owner, _) = await BeginAsync();
        var service = world.Get<SubscriptionService>();
        await service.AdjustAsync(owner, 7.5m, "An apology", default);
        await service.AdjustAsync(owner, -10, "A mistake", default);
        var head = (await world.StateAsync(owner)).Head;
        (head.Balance(Account.Credits), head.Lots.Count).ShouldBe((-2.5m, 0));
        (await world.AuditAsync()).Faults.ShouldBeEmpty();
    }

    private static async Task<(BillingWorld World, BillingOwner Owner, Plan Plan)> BeginAsync(string card = "pm_card_authenticationRequired")
    {
        var world = await BillingWorld.CreateAsync(Start);
        return (world, await world.AddCustomerAsync(card), await world.AddPlanAsync("Paid", 10, 10, BillingInterval.Month, rolls: false, bundlesRoll: true));
    }

    /// <summary>What the bank's page does.</summary>
    private static async Task EndAsync(BillingWorld world, string paymentId, bool isApproved)
    {
        var processor = world.Get<SimulatedProcessor>();
        var stored = (await processor.FindStoredAsync(paymentId, default))!;
        await world.Get<PaymentEvents>().EndAsync(paymentId, stored.Key, stored.Owner, token => processor.AuthenticateAsync(paymentId, isApproved, token), default);
    }
}
