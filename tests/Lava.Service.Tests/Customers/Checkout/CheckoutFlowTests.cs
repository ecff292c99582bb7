using Lava.Core.Billing;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Service.Billing.Books;
using Lava.Service.Customers.Checkout;
using Lava.Service.Payments;
using Lava.Service.Payments.Simulator;
using Lava.Service.Ports.Payments;
using Lava.Service.Pricing.Plans;
using Lava.Service.Tests.Billing;

namespace Lava.Service.Tests.Customers.Checkout;

/// <summary>What a checkout asks of the processor, and what is left when its server dies.</summary>
public sealed class CheckoutFlowTests
{
    private static readonly DateTimeOffset Start = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Uri Back = new("https://lava.example/checkout/return");

    [Theory]
    [InlineData("4242424242424242", CheckoutStage.Completed, 10)]
    [InlineData("4000000000000341", CheckoutStage.Open, 0)]
    [InlineData("4000002760003184", CheckoutStage.Authenticating, 0)]
    public async Task A_purchase_asks_the_processor_once_and_shows_what_it_said(string card, CheckoutStage stage, decimal paid)
    {
        var (world, owner, session) = await BeginAsync();
        Processor(world).Charges = 0;
        var view = await PayAsync(world, session, card);
        view.Stage.ShouldBe(stage);
        (view.ActionUrl is not null).ShouldBe(stage == CheckoutStage.Authenticating);
        (view.Problems.Count > 0).ShouldBe(stage == CheckoutStage.Open);
        Processor(world).Charges.ShouldBe(1);
        (await world.PaidAsync(owner)).ShouldBe(paid);
    }

    [Fact]
    public async Task A_payment_that_is_given_up_for_another_card_is_asked_for_once_more_and_the_other_card_once()
    {
        var (world, owner, session) = await BeginAsync();
        (await PayAsync(world, session, "4000002760003184")).Stage.ShouldBe(CheckoutStage.Authenticating);
        Processor(world).Charges = 0;
        var view = await world.Get<CheckoutFlow>().PayAsync(session, Form("") with { GivesUp = true }, Back, default);
        view.Stage.ShouldBe(CheckoutStage.Open);

        // To show how far it is, and to see whether it has ended before it is given up.
        Processor(world).Charges.ShouldBe(2);
        (await PayAsync(world, view.Session, "4242424242424242")).Stage.ShouldBe(CheckoutStage.Completed);
        Processor(world).Charges.ShouldBe(3);
        (await world.PaidAsync(owner)).ShouldBe(10);
    }

    [Fact]
    public async Task When_the_bank_has_said_yes_the_end_is_booked_without_asking_the_processor_to_charge()
    {
        var (world, owner, session) = await BeginAsync();
        await PayAsync(world, session, "4000002760003184");
        var key = (await world.StateAsync(owner)).Subscription.Paying!.Key;
        var processor = world.Get<SimulatedProcessor>();
        var waiting = await Processor(world).ChargeAsync(
            new ChargeRequest { Key = key, Owner = PaymentOwners.Customer(world.Tenant, owner.CustomerId), Amount = 10, Description = "Subscription" },
            default);
        Processor(world).Charges = 0;
        var stored = (await processor.FindStoredAsync(waiting.Id, default))!;
        await world.Get<PaymentEvents>().EndAsync(waiting.Id, stored.Key, stored.Owner, token => processor.AuthenticateAsync(waiting.Id, true, token), default);
        Processor(world).Charges.ShouldBe(0);
        (await world.PaidAsync(owner)).ShouldBe(10);
        (await world.Get<CheckoutFlow>().ShowAsync(session, default)).Stage.ShouldBe(CheckoutStage.Completed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_customer_whose_server_died_at_any_write_and_who_sends_the_form_again_pays_once_and_gets_it_once(bool isDone)
    {
        for (var commits = 0; ; commits++)
        {
            var (world, owner, session) = await BeginAsync();
            world.Tables.DieAfter(commits, isDone);
            var died = false;
            try
            {
                await PayAsync(world, session, "4242424242424242");
            }
            catch (FaultyTables.DeadException)
            {
                died = true;
            }

            await world.RestartAsync();
            var now = (await world.Get<CheckoutStore>().FindAsync(world.Tenant, session.Id, default))!.Value.Session;
            (await PayAsync(world, now, "4242424242424242")).Stage.ShouldBe(CheckoutStage.Completed, $"after {commits} commits");
            (await world.PaidAsync(owner)).ShouldBe(10, $"after {commits} commits");
            (await world.StateAsync(owner)).Head.Balance(Account.Credits).ShouldBe(20, $"after {commits} commits");
            (await world.AuditAsync()).Faults.ShouldBeEmpty($"after {commits} commits");
            if (died) continue;
            commits.ShouldBeGreaterThan(8);
            break;
        }
    }

    private static CountingProcessor Processor(BillingWorld world) => (CountingProcessor)world.Get<IPaymentProcessor>();

    private static ValueTask<CheckoutView> PayAsync(BillingWorld world, CheckoutSession session, string card) =>
        world.Get<CheckoutFlow>().PayAsync(session, Form(card), Back, default);

    private static CheckoutForm Form(string card) => new("", "", "", "", card);

    private static async Task<(BillingWorld World, BillingOwner Owner, CheckoutSession Session)> BeginAsync()
    {
        var world = await BillingWorld.CreateAsync(Start);
        var owner = await world.AddCustomerAsync(card: null, isClocked: false);
        Plan plan = await world.AddPlanAsync("Paid", 10, 20, BillingInterval.Month, rolls: false, bundlesRoll: true);
        var session = new CheckoutSession
        {
            Id = Id.Create(CheckoutStore.Prefix, Mode.Test, world.Now), MerchantId = world.Tenant.MerchantId, OriginUrl = "https://shop.example",
            PlanId = plan.Id, CustomerId = owner.CustomerId, CreatedAt = world.Now,
        };
        await world.Get<CheckoutStore>().AddAsync(session, default);
        return (world, owner, session);
    }
}
