using Lava.Service.Ports.Payments;
using Lava.StripeFake;

namespace Lava.Functions.Tests.Payments;

/// <summary>Whatever goes wrong with whatever request, a card is charged once and a refund given once.</summary>
public sealed class StripeFaultTests(StripeWorld world) : IClassFixture<StripeWorld>
{
    private static readonly TimeSpan Impatient = TimeSpan.FromMilliseconds(200);

    private static CancellationToken None => CancellationToken.None;

    private FakeStripe Stripe => world.Stripe;

    public static TheoryData<string, string, string> ChargeFaults()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var (method, path) in new[] { ("POST", "/payment_intents"), ("POST", "/confirm"), ("GET", "") })
        {
            foreach (var fault in Enum.GetNames<FakeFault>()) data.Add(method, path, fault);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(ChargeFaults))]
    public async Task A_charge_that_met_a_fault_is_made_once_when_it_is_asked_for_again(string method, string path, string fault)
    {
        var (owner, _) = await WithCardAsync("pm_card_visa");
        var request = Charge(owner);
        var taken = Stripe.Objects.Taken;
        Stripe.Fail(method, path, Enum.Parse<FakeFault>(fault));
        var first = await MeetAsync(request, fault);

        // Meanwhile the process died, and Stripe has forgotten its idempotency keys.
        if (fault == nameof(FakeFault.AnswerLost)) Stripe.ForgetKeys();
        var payment = await world.Open().ChargeAsync(request, None);
        payment.Status.ShouldBe(PaymentStatus.Succeeded);
        if (first is not null) payment.ShouldBe(first);
        (Stripe.Objects.Taken - taken).ShouldBe(1);
        (await world.Open().FindAsync(payment.Id, None)).ShouldBe(payment);
    }

    [Theory]
    [InlineData(nameof(FakeFault.RequestLost))]
    [InlineData(nameof(FakeFault.AnswerLost))]
    [InlineData(nameof(FakeFault.ServerError))]
    [InlineData(nameof(FakeFault.ServerErrorAfterwards))]
    [InlineData(nameof(FakeFault.BadGateway))]
    [InlineData(nameof(FakeFault.Silence))]
    public async Task An_outcome_that_is_not_known_is_a_fault_that_may_pass(string fault)
    {
        var (owner, _) = await WithCardAsync("pm_card_visa");
        Stripe.Fail("POST", "/confirm", Enum.Parse<FakeFault>(fault));
        PaymentProcessorException? thrown = null;
        await MeetAsync(Charge(owner), fault, met => thrown = met);
        thrown.ShouldNotBeNull().IsTransient.ShouldBeTrue();
    }

    [Theory]
    [InlineData("POST", "/payment_intents")]
    [InlineData("POST", "/confirm")]
    [InlineData("POST", "/customers")]
    public async Task A_request_that_met_others_is_made_again_at_once(string method, string path)
    {
        var owner = StripeWorld.NewOwner();
        foreach (var fault in new[] { FakeFault.InUse, FakeFault.TooMany }) Stripe.Fail(method, path, fault);
        await world.Open().AddMethodAsync(owner, "pm_card_visa", None);
        (await world.Open().ChargeAsync(Charge(owner), None)).Status.ShouldBe(PaymentStatus.Succeeded);
        Stripe.HasNoFaultLeft.ShouldBeTrue();
    }

    [Fact]
    public async Task The_client_tries_again_by_itself_with_the_same_key()
    {
        var (owner, _) = await WithCardAsync("pm_card_visa");
        var (taken, heard) = (Stripe.Objects.Taken, Stripe.Heard.Count);
        Stripe.Fail("POST", "/confirm", FakeFault.AnswerLost);
        (await world.Open(retries: 1).ChargeAsync(Charge(owner), None)).Status.ShouldBe(PaymentStatus.Succeeded);
        var keys = Stripe.Heard.Skip(heard).Where(request => request.Request.EndsWith("/confirm", StringComparison.Ordinal)).Select(request => request.Key).ToList();
        (keys.Count, keys.Distinct().Count(), keys[0] is null).ShouldBe((2, 1, false));
        (Stripe.Objects.Taken - taken).ShouldBe(1);
    }

    [Fact]
    public async Task A_wrong_key_is_a_fault_that_does_not_pass_and_nothing_is_charged()
    {
        var (owner, _) = await WithCardAsync("pm_card_visa");
        var taken = Stripe.Objects.Taken;
        Stripe.Fail("POST", "/payment_intents", FakeFault.Unauthorized);
        var thrown = await Should.ThrowAsync<PaymentProcessorException>(async () => await world.Open().ChargeAsync(Charge(owner), None));
        thrown.IsTransient.ShouldBeFalse();
        thrown.ToString().ShouldNotContain(FakeStripe.ApiKey);
        Stripe.Objects.Taken.ShouldBe(taken);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    [InlineData("sk_test_abc")]
    [InlineData("rk_test_abc")]
    public async Task Without_a_live_key_nothing_is_asked_of_Stripe(string? key)
    {
        var heard = Stripe.Heard.Count;
        var owner = StripeWorld.NewOwner();
        await world.Vault.DeleteAsync("stripe-api-key", None);
        if (key is not null) await world.Vault.SetAsync("stripe-api-key", key, None);
        try
        {
            var thrown = await Should.ThrowAsync<PaymentProcessorException>(async () => await world.Open().AddMethodAsync(owner, "pm_card_visa", None));
            thrown.IsTransient.ShouldBeFalse();
            Stripe.Heard.Count.ShouldBe(heard);
        }
        finally
        {
            await world.Vault.SetAsync("stripe-api-key", FakeStripe.ApiKey, None);
        }
    }

    [Fact]
    public async Task A_key_that_is_changed_in_the_vault_is_taken_without_a_restart()
    {
        var processor = world.Open();
        var owner = StripeWorld.NewOwner();
        await world.Vault.SetAsync("stripe-api-key", "sk_live_wrong", None);
        await Should.ThrowAsync<PaymentProcessorException>(async () => await processor.AddMethodAsync(owner, "pm_card_visa", None));
        await world.Vault.SetAsync("stripe-api-key", FakeStripe.ApiKey, None);
        (await processor.AddMethodAsync(owner, "pm_card_visa", None)).IsAdded.ShouldBeTrue();
    }

    [Theory]
    [InlineData(nameof(FakeFault.AnswerLost))]
    [InlineData(nameof(FakeFault.ServerErrorAfterwards))]
    [InlineData(nameof(FakeFault.ServerError))]
    [InlineData(nameof(FakeFault.RequestLost))]
    public async Task A_refund_that_met_a_fault_is_given_once_when_it_is_asked_for_again(string fault)
    {
        var (owner, _) = await WithCardAsync("pm_card_visa");
        var payment = await world.Open().ChargeAsync(Charge(owner), None);
        var given = Stripe.Objects.GivenBack;
        var refund = new RefundRequest(payment.Id, payment.Id, 4);
        Stripe.Fail("POST", "/refunds", Enum.Parse<FakeFault>(fault));
        (await TryAsync(async () => await world.Open().RefundAsync(refund, None))).ShouldBeNull();
        Stripe.ForgetKeys();
        for (var i = 0; i < 2; i++) (await world.Open().RefundAsync(refund, None)).Refunded.ShouldBe(4);
        (Stripe.Objects.GivenBack - given).ShouldBe(400);
    }

    [Fact]
    public async Task A_decline_whose_answer_was_lost_stays_the_decline_though_the_card_would_pay_now()
    {
        var (owner, card) = await WithCardAsync("pm_card_chargeCustomerFail");
        var request = Charge(owner);
        var taken = Stripe.Objects.Taken;
        Stripe.Fail("POST", "/confirm", FakeFault.AnswerLost);
        await Should.ThrowAsync<PaymentProcessorException>(async () => await world.Open().ChargeAsync(request, None));
        Stripe.ForgetKeys();
        Stripe.Objects.Heal(card);
        var payment = await world.Open().ChargeAsync(request, None);
        (payment.Status, payment.DeclineCode).ShouldBe((PaymentStatus.Failed, "generic_decline"));
        Stripe.Objects.Taken.ShouldBe(taken);
    }

    [Fact]
    public async Task A_payment_that_failed_cannot_be_paid_by_whoever_has_its_secret()
    {
        var (owner, _) = await WithCardAsync("pm_card_authenticationRequired");
        var waiting = await world.Open().ChargeAsync(Charge(owner), None);
        Stripe.Objects.Authenticate(waiting.ActionUrl!, false);
        (await world.Open().FindAsync(waiting.Id, None))!.DeclineCode.ShouldBe("authentication_failed");
        ((string?)Stripe.Objects.All("payment_intent")[^1]["status"]).ShouldBe("canceled");
    }

    [Fact]
    public async Task While_the_bank_thinks_it_is_not_known()
    {
        var (owner, _) = await WithCardAsync("pm_card_authenticationRequired");
        var request = Charge(owner);
        var waiting = await world.Open().ChargeAsync(request, None);
        var intent = (string)Stripe.Objects.All("payment_intent")[^1]["id"]!;
        Stripe.Objects.SetStatus(intent, "processing");
        foreach (var ask in new Func<Task>[]
        {
            async () => await world.Open().ChargeAsync(request, None), async () => await world.Open().FindAsync(waiting.Id, None), async () => await world.Open().CancelAsync(waiting.Id, None),
        })
            (await Should.ThrowAsync<PaymentProcessorException>(ask)).IsTransient.ShouldBeTrue();
    }

    private static ChargeRequest Charge(string owner) => new() { Key = Guid.NewGuid().ToString("N"), Owner = owner, Amount = 10, Description = "A test" };

    /// <summary>Asks for a charge until the fault has been met: whoever does not wait long for an answer may give up before, where the machine is busy.</summary>
    private async Task<Payment?> MeetAsync(ChargeRequest request, string fault, Action<PaymentProcessorException>? met = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            var payment = await TryAsync(async () => await world.Open(timeout: fault == nameof(FakeFault.Silence) ? Impatient : null).ChargeAsync(request, None), met);
            if (Stripe.HasNoFaultLeft) return payment;
            attempt.ShouldBeLessThan(100, "The fault is never met.");
        }
    }

    private static async Task<Payment?> TryAsync(Func<Task<Payment>> ask, Action<PaymentProcessorException>? met = null)
    {
        try
        {
            return await ask();
        }
        catch (PaymentProcessorException fault)
        {
            met?.Invoke(fault);
            return null;
        }
    }

    private async Task<(string Owner, string Card)> WithCardAsync(string token)
    {
        var owner = StripeWorld.NewOwner();
        return (owner, (await world.Open().AddMethodAsync(owner, token, None)).Method!.Id);
    }
}
