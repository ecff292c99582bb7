using Lava.Contracts.Tests.Queues;
using Lava.Functions.Payments;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Tables;
using Lava.StripeFake;

namespace Lava.Functions.Tests.Payments;

/// <summary>An instance dies after any of its writes, or many ask at once while requests fail: a card is charged once, a refund given once.</summary>
public sealed class StripeCrashTests(StripeWorld world) : IClassFixture<StripeWorld>
{
    private static CancellationToken None => CancellationToken.None;

    private FakeStripeObjects Objects => world.Stripe.Objects;

    [Theory]
    [InlineData("pm_card_visa", PaymentStatus.Succeeded, 1)]
    [InlineData("pm_card_chargeCustomerFail", PaymentStatus.Failed, 0)]
    [InlineData("pm_card_authenticationRequired", PaymentStatus.RequiresAction, 0)]
    public async Task A_charge_whose_instance_dies_after_any_write_is_one_payment_with_one_end(string token, PaymentStatus end, int charges)
    {
        var deaths = 0;
        for (var writes = 0; ; writes++)
        {
            var owner = StripeWorld.NewOwner();
            await world.Open().AddMethodAsync(owner, token, None);
            var request = new ChargeRequest { Key = "k", Owner = owner, Amount = 10, Description = "A test" };
            var taken = Objects.Taken;
            var hasDied = await DiesAsync(writes, processor => processor.ChargeAsync(request, None));
            world.Stripe.ForgetKeys();
            var payment = await world.Open().ChargeAsync(request, None);
            payment.Status.ShouldBe(end, $"after {writes} writes");
            (Objects.Taken - taken).ShouldBe(charges);
            (await world.Open().ChargeAsync(request, None)).ShouldBe(payment);
            (await world.Open().ListMethodsAsync(owner, None)).Single().ErrorCode.ShouldBe(payment.DeclineCode);
            if (!hasDied) break;
            deaths++;
        }

        deaths.ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task A_refund_whose_instance_dies_after_any_write_is_given_once()
    {
        var deaths = 0;
        for (var writes = 0; ; writes++)
        {
            var owner = StripeWorld.NewOwner();
            await world.Open().AddMethodAsync(owner, "pm_card_visa", None);
            var payment = await world.Open().ChargeAsync(new ChargeRequest { Key = "k", Owner = owner, Amount = 10, Description = "A test" }, None);
            var given = Objects.GivenBack;
            var refund = new RefundRequest("r", payment.Id, 4);
            var hasDied = await DiesAsync(writes, processor => processor.RefundAsync(refund, None));
            world.Stripe.ForgetKeys();
            (await world.Open().RefundAsync(refund, None)).Refunded.ShouldBe(4);
            (Objects.GivenBack - given).ShouldBe(400);
            if (!hasDied) break;
            deaths++;
        }

        deaths.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_first_card_whose_instance_dies_after_any_write_is_added_to_one_customer_when_it_is_given_again()
    {
        for (var writes = 0; ; writes++)
        {
            var owner = StripeWorld.NewOwner();
            var hasDied = await DiesAsync(writes, processor => processor.AddMethodAsync(owner, "pm_card_visa", None));
            await world.Open().AddMethodAsync(owner, "pm_card_visa", None);
            Objects.All("customer").Count(customer => (string?)customer["metadata"]!["lava_owner"] == owner).ShouldBe(1);
            (await world.Open().ListMethodsAsync(owner, None)).Count(card => card.IsDefault).ShouldBe(1);
            if (!hasDied) break;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Many_who_charge_and_refund_at_once_while_requests_fail_charge_once_and_refund_once(int seed)
    {
        var random = new Random(seed);
        var owner = StripeWorld.NewOwner();
        await world.Open().AddMethodAsync(owner, "pm_card_visa", None);
        var request = new ChargeRequest { Key = "k", Owner = owner, Amount = 10, Description = "A test" };
        var (taken, given) = (Objects.Taken, Objects.GivenBack);
        var faults = new[] { FakeFault.AnswerLost, FakeFault.RequestLost, FakeFault.ServerError, FakeFault.ServerErrorAfterwards, FakeFault.InUse, FakeFault.TooMany, FakeFault.BadGateway };
        foreach (var path in new[] { "/payment_intents", "/confirm", "/refunds", "/refunds", "/confirm", "/payment_intents" }) world.Stripe.Fail("POST", path, faults[random.Next(faults.Length)]);
        var payments = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () => await UntilKnownAsync(processor => processor.ChargeAsync(request, None)))));
        payments.Select(payment => payment.Id).Distinct().Count().ShouldBe(1);
        (Objects.Taken - taken).ShouldBe(1);
        var refund = new RefundRequest("r", payments[0].Id, 4);
        var refunded = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () => await UntilKnownAsync(processor => processor.RefundAsync(refund, None)))));
        refunded.ShouldAllBe(payment => payment.Refunded == 4);
        (Objects.GivenBack - given).ShouldBe(400);

        // An answer that came early may have left some of them.
        world.Stripe.ForgetFaults();
    }

    private async Task<Payment> UntilKnownAsync(Func<StripeProcessor, ValueTask<Payment>> ask)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await ask(world.Open());
            }
            catch (PaymentProcessorException fault) when (fault.IsTransient && tries < 20)
            {
                // It is asked again, as the queue does.
            }
        }
    }

    private async Task<bool> DiesAsync<T>(int writes, Func<StripeProcessor, ValueTask<T>> ask)
    {
        var tables = new SeverableTableStore(world.Tables);
        tables.SeverAfter(writes);
        try
        {
            await ask(world.Open(tables));
            return false;
        }
        catch (TableStoreException)
        {
            return true;
        }
    }
}
