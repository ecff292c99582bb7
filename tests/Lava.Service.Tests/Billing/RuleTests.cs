using Lava.Core.Billing;
using Lava.Core.Ledger;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Subscriptions;
using Lava.Service.Payments;
using Lava.Service.Payments.Simulator;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Tables;
using Lava.Service.Pricing.Plans;

namespace Lava.Service.Tests.Billing;

/// <summary>The rules of docs/billing.md, each with its example.</summary>
public sealed class RuleTests
{
    private static readonly DateTimeOffset Start = new(2028, 1, 31, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task One_report_of_400_with_a_bundle_of_5_charges_the_card_once_and_up_to_its_limit()
    {
        var (world, owner, plan) = await BeginAsync(topsUp: true);
        var paid = await world.PaidAsync(owner);
        await world.MeterAsync(world.Usage(owner, 410));

        // Of 10 bundles at 5.00, which bring 60 credits: 10 - 410 + 60.
        (await world.StateAsync(owner)).Head.Balance(Account.Credits).ShouldBe(-340);
        (await ChargesAsync(world, owner)).ShouldBe([paid, 50m]);

        // It stops there, for good: nothing but use causes another.
        await world.AdvanceAsync(Start.AddDays(20));
        (await ChargesAsync(world, owner)).ShouldBe([paid, 50m]);
        _ = plan;
    }

    [Fact]
    public async Task A_use_that_the_limit_of_the_day_leaves_unanswered_is_answered_the_next_day()
    {
        var (world, owner, _) = await BeginAsync(topsUp: true);
        var id = (await world.StateAsync(owner)).Subscription.Id;
        await world.Get<SubscriptionService>().SetTopUpLimitsAsync(owner, id, new TopUpLimits(5, null), default);
        await world.MeterAsync(world.Usage(owner, 10));
        await world.MeterAsync(world.Usage(owner, 6));
        (await ChargesAsync(world, owner)).ShouldBe([10m, 5m]);
        await world.AdvanceAsync(new DateTimeOffset(2028, 2, 1, 0, 0, 0, TimeSpan.Zero));
        (await ChargesAsync(world, owner)).ShouldBe([10m, 5m, 5m]);
        (await world.StateAsync(owner)).Head.Balance(Account.Credits).ShouldBe(6);
    }

    [Fact]
    public async Task A_refund_and_the_adjustment_after_it_buy_nothing()
    {
        var (world, owner, plan) = await BeginAsync(topsUp: true);
        var service = world.Get<SubscriptionService>();
        await world.MeterAsync(world.Usage(owner, 9));
        var bought = (await service.BuyBundleAsync(owner, plan.Bundles[0], new Purchase(), default)).Payment!;
        (await service.RefundAsync(owner, bought.Id, null, default)).Error.ShouldBeNull();
        await service.AdjustAsync(owner, -7, "refunded", default);
        await world.PumpAsync();
        (await world.StateAsync(owner)).Head.Balance(Account.Credits).ShouldBe(0);
        (await ChargesAsync(world, owner)).ShouldBe([10m, 5m]);
    }

    [Fact]
    public async Task A_top_up_costs_what_it_cost_when_it_was_agreed()
    {
        var (world, owner, plan) = await BeginAsync(topsUp: true);
        var store = world.Get<PlanStore>();
        var (before, etag) = (await store.FindAsync(world.Tenant, plan.Id, default))!.Value;
        (await store.ReplaceAsync(world.Tenant, before, before with { Bundles = [before.Bundles[0] with { Cost = 500 }] }, etag, default)).ShouldBeTrue();
        await world.MeterAsync(world.Usage(owner, 10));
        (await ChargesAsync(world, owner)).ShouldBe([10m, 5m]);
    }

    [Fact]
    public async Task A_downgrade_to_a_plan_that_was_withdrawn_is_followed_for_one_cycle_at_its_price()
    {
        var (world, owner, _) = await BeginAsync(price: 100);
        var cheap = await world.AddPlanAsync("Cheap", 5, 5, BillingInterval.Month, rolls: false, bundlesRoll: true);
        (await world.Get<SubscriptionService>().SubscribeAsync(owner, cheap, new Purchase(), default)).IsDone.ShouldBeTrue();
        await world.WithdrawAsync(cheap);
        await world.AdvanceAsync(Start.AddMonths(1));
        ((await world.StateAsync(owner)).Subscription.PlanId, await world.PaidAsync(owner)).ShouldBe((cheap.Id, 105m));

        // At that cycle's end, on the day on which the customer began, it is over.
        await world.AdvanceAsync(new DateTimeOffset(2028, 3, 31, 9, 30, 0, TimeSpan.Zero));
        var state = await world.StateAsync(owner);
        (state.Subscription.PlanId == cheap.Id, state.Subscription.StartedAt, await world.PaidAsync(owner)).ShouldBe((false, new DateTimeOffset(2028, 3, 31, 9, 30, 0, TimeSpan.Zero), 105m));
    }

    [Fact]
    public async Task A_server_that_was_off_for_three_and_a_half_months_charges_a_daily_plan_once()
    {
        var world = await BillingWorld.CreateAsync(Start);
        var owner = await world.AddCustomerAsync();
        var daily = await world.AddPlanAsync("Daily", 5, 5, BillingInterval.Day, rolls: false, bundlesRoll: true);
        (await world.Get<SubscriptionService>().SubscribeAsync(owner, daily, new Purchase(), default)).IsDone.ShouldBeTrue();
        await world.JumpAsync(Start.AddDays(105).AddHours(2));
        (await ChargesAsync(world, owner)).ShouldBe([5m, 5m]);
        var state = await world.StateAsync(owner);
        (state.Subscription.CycleStart, state.Head.Balance(Account.Credits)).ShouldBe((Start.AddDays(105), 5m));
    }

    [Fact]
    public async Task A_clock_that_is_moved_charges_every_cycle_on_its_way()
    {
        var world = await BillingWorld.CreateAsync(Start);
        var owner = await world.AddCustomerAsync();
        var daily = await world.AddPlanAsync("Daily", 5, 5, BillingInterval.Day, rolls: false, bundlesRoll: true);
        (await world.Get<SubscriptionService>().SubscribeAsync(owner, daily, new Purchase(), default)).IsDone.ShouldBeTrue();
        await world.AdvanceAsync(Start.AddDays(10));
        (await world.PaidAsync(owner)).ShouldBe(55);
    }

    [Theory]
    [InlineData(true, 10 + 3)]
    [InlineData(false, 10)]
    public async Task Credits_given_by_hand_end_as_those_of_a_bundle_do(bool bundlesRoll, decimal left)
    {
        var (world, owner, _) = await BeginAsync(bundlesRoll: bundlesRoll);
        await world.Get<SubscriptionService>().AdjustAsync(owner, 3, "a gift", default);
        (await world.StateAsync(owner)).Head.Balance(Account.Credits).ShouldBe(13);
        await world.AdvanceAsync(Start.AddMonths(1));
        (await world.StateAsync(owner)).Head.Balance(Account.Credits).ShouldBe(left);
    }

    [Fact]
    public async Task Cycle_credits_end_with_a_cancelled_subscription_even_where_the_plan_carries_them_over_and_bundles_stay()
    {
        var (world, owner, plan) = await BeginAsync(rolls: true);
        var service = world.Get<SubscriptionService>();
        (await service.BuyBundleAsync(owner, plan.Bundles[0], new Purchase(), default)).IsDone.ShouldBeTrue();
        await service.CancelAsync(owner, (await world.StateAsync(owner)).Subscription.Id, default);
        await world.AdvanceAsync(Start.AddMonths(1));
        var head = (await world.StateAsync(owner)).Head;
        (Credits.OfCycle(head), Credits.OfBundles(head)).ShouldBe((0m, 6m));
    }

    [Fact]
    public async Task A_payment_is_refunded_in_parts_up_to_what_was_paid_also_after_the_customer_was_deleted()
    {
        var (world, owner, plan) = await BeginAsync();
        var service = world.Get<SubscriptionService>();
        var payment = (await service.BuyBundleAsync(owner, plan.Bundles[0], new Purchase(), default)).Payment!;
        (await service.RefundAsync(owner, payment.Id, 5.01m, default)).Error!.Code.ShouldBe("validation_error");
        (await service.RefundAsync(owner, payment.Id, 1.5m, default)).Error.ShouldBeNull();
        (await service.RefundAsync(owner, payment.Id, 1.5m, default)).Error.ShouldBeNull();
        (await service.RefundAsync(owner, payment.Id, 2.01m, default)).Error!.Code.ShouldBe("validation_error");
        await service.CloseAsync(owner, default);
        (await service.RefundAsync(owner, payment.Id, null, default)).Error.ShouldBeNull();
        (await service.RefundAsync(owner, payment.Id, null, default)).Error!.Code.ShouldBe("already_refunded");
        (await world.Get<IPaymentProcessor>().FindAsync(payment.Id, default))!.Refunded.ShouldBe(5);
        var head = (await world.StateAsync(owner)).Head;
        (head.Balance(Account.Payments), head.Balance(Account.Refunds)).ShouldBe((-10m, -5m));
        (await world.AuditAsync()).Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(DisputeStatus.Won, -15, 0)]
    [InlineData(DisputeStatus.Lost, -10, -5)]
    public async Task A_dispute_takes_the_money_out_of_the_books_and_brings_it_back_when_it_is_won(DisputeStatus end, decimal payments, decimal disputes)
    {
        var (world, owner, plan) = await BeginAsync();
        var payment = (await world.Get<SubscriptionService>().BuyBundleAsync(owner, plan.Bundles[0], new Purchase(), default)).Payment!;
        foreach (var status in new[] { DisputeStatus.Open, end, end })
        {
            var disputed = (await world.Get<SimulatedProcessor>().DisputeAsync(payment.Id, status, "fraudulent", default))!;
            foreach (var listener in world.Get<IEnumerable<IPaymentListener>>()) await listener.PaymentEndedAsync(disputed.Payment, disputed.Key, disputed.Owner, default);
            var now = (await world.StateAsync(owner)).Head;
            if (status == DisputeStatus.Open) (now.Balance(Account.Payments), now.Balance(Account.Disputes)).ShouldBe((-10m, -5m));
        }

        var head = (await world.StateAsync(owner)).Head;
        (head.Balance(Account.Payments), head.Balance(Account.Disputes)).ShouldBe((payments, disputes));
        (await world.AuditAsync()).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_given_back_at_the_processor_is_booked_once()
    {
        var (world, owner, plan) = await BeginAsync();
        var service = world.Get<SubscriptionService>();
        var payment = (await service.BuyBundleAsync(owner, plan.Bundles[0], new Purchase(), default)).Payment!;
        await service.RefundAsync(owner, payment.Id, 1, default);
        await world.Get<IPaymentProcessor>().RefundAsync(new RefundRequest("elsewhere", payment.Id, 2), default);
        for (var i = 0; i < 2; i++)
        {
            var stored = (await world.Get<SimulatedProcessor>().FindStoredAsync(payment.Id, default))!;
            foreach (var listener in world.Get<IEnumerable<IPaymentListener>>()) await listener.PaymentEndedAsync(stored.Payment, stored.Key, stored.Owner, default);
        }

        (await world.StateAsync(owner)).Head.Balance(Account.Refunds).ShouldBe(-3);
        (await service.RefundAsync(owner, payment.Id, 2.01m, default)).Error!.Code.ShouldBe("validation_error");
    }

    /// <summary>A customer on a plan of 10 credits a month, paid for on 31 January, with a bundle of 6 credits for 5.00.</summary>
    private static async Task<(BillingWorld World, BillingOwner Owner, Plan Plan)> BeginAsync(bool topsUp = false, decimal price = 10, bool rolls = false, bool bundlesRoll = true)
    {
        var world = await BillingWorld.CreateAsync(Start);
        var owner = await world.AddCustomerAsync();
        var plan = await world.AddPlanAsync("A", price, 10, BillingInterval.Month, rolls, bundlesRoll, topsUp);
        (await world.Get<SubscriptionService>().SubscribeAsync(owner, plan, new Purchase(), default)).IsDone.ShouldBeTrue();
        return (world, owner, plan);
    }

    /// <summary>What the customer's card was charged, oldest first.</summary>
    private static async Task<decimal[]> ChargesAsync(BillingWorld world, BillingOwner owner)
    {
        var rows = await world.Store.QueryAsync(TableNames.Payments, PaymentOwners.Customer(owner.Tenant, owner.CustomerId), KeyRange.Prefix("payment|"), 1_000, default);
        return
        [
            .. rows.Select(row => Lava.Service.Storage.Json.Read(row.Data, PaymentsJson.Default.StoredPayment).Payment)
                .Where(payment => payment.Status == PaymentStatus.Succeeded).OrderBy(payment => payment.Id, StringComparer.Ordinal).Select(payment => payment.Amount),
        ];
    }
}
