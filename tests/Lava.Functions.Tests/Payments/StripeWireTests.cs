using Lava.Service.Payments;
using Lava.Service.Ports.Payments;
using Lava.StripeFake;

namespace Lava.Functions.Tests.Payments;

/// <summary>What Stripe is told and what is made of its answers.</summary>
public sealed class StripeWireTests(StripeWorld world) : IClassFixture<StripeWorld>
{
    private static CancellationToken None => CancellationToken.None;

    private FakeStripeObjects Objects => world.Stripe.Objects;

    [Fact]
    public async Task A_payment_is_in_cents_of_a_dollar_for_one_customer_and_carries_its_own_name()
    {
        var owner = await OwnerAsync();
        var payment = await world.Open().ChargeAsync(Charge(owner) with { Amount = 12.345m, Description = "Credits" }, None);
        var intent = Objects.All("payment_intent")[^1];
        var customer = Objects[(string)intent["customer"]!];
        ((long)intent["amount"]!, (string?)intent["currency"], (string?)intent["description"]).ShouldBe((1235, "usd", "Credits"));
        ((string?)intent["payment_method"]).ShouldBe(payment.PaymentMethodId);
        ((string?)intent["metadata"]!["lava_payment"], (string?)intent["metadata"]!["lava_owner"]).ShouldBe((payment.Id, owner));
        var (tenant, customerId) = PaymentOwners.Read(owner);
        ((string?)customer["metadata"]!["lava_owner"], (string?)customer["metadata"]!["lava_merchant"], (string?)customer["metadata"]!["lava_customer"]).ShouldBe((owner, tenant.MerchantId, customerId));
        payment.Id.ShouldStartWith("pay_live_");
    }

    [Fact]
    public async Task An_owner_is_one_customer_however_many_ask_at_once()
    {
        var owner = StripeWorld.NewOwner();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await world.Open().AddMethodAsync(owner, "pm_card_visa", None))));
        Objects.All("customer").Count(customer => (string?)customer["metadata"]!["lava_owner"] == owner).ShouldBe(1);
        (await world.Open().ListMethodsAsync(owner, None)).Count(card => card.IsDefault).ShouldBe(1);
    }

    [Theory]
    [InlineData(null, "https://lava.example/pay/return")]
    [InlineData("https://shop.example/back?a=b", "https://shop.example/back?a=b")]
    public async Task The_bank_sends_the_cardholder_back_to_whoever_charged_or_else_to_this_server(string? asked, string told)
    {
        var owner = await OwnerAsync("pm_card_authenticationRequired");
        await world.Open().ChargeAsync(Charge(owner) with { ReturnUrl = asked is null ? null : new Uri(asked) }, None);
        ((string?)Objects.All("payment_intent")[^1]["next_action"]!["redirect_to_url"]!["return_url"]).ShouldBe(told);
    }

    [Theory]
    [InlineData("pm_card_chargeDeclined", "generic_decline")]
    [InlineData("pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds")]
    [InlineData("pm_card_chargeDeclinedExpiredCard", "expired_card")]
    [InlineData("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc")]
    public async Task A_card_that_Stripe_refuses_to_keep_is_refused_with_the_banks_reason(string token, string code)
    {
        var owner = StripeWorld.NewOwner();
        var refused = await world.Open().AddMethodAsync(owner, token, None);
        (refused.IsAdded, refused.Method, refused.DeclineCode).ShouldBe((false, null, code));
        refused.Message.ShouldNotBeNullOrEmpty();
        (await world.Open().ListMethodsAsync(owner, None)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("card_declined", "insufficient_funds", "insufficient_funds")]
    [InlineData("card_declined", "lost_card", "lost_card")]
    [InlineData("card_declined", "stolen_card", "stolen_card")]
    [InlineData("card_declined", "card_velocity_exceeded", "card_velocity_exceeded")]
    [InlineData("card_declined", "fraudulent", "fraudulent")]
    [InlineData("card_declined", "do_not_honor", "do_not_honor")]
    [InlineData("card_declined", null, "generic_decline")]
    [InlineData("expired_card", "expired_card", "expired_card")]
    [InlineData("incorrect_cvc", "incorrect_cvc", "incorrect_cvc")]
    [InlineData("invalid_cvc", null, "incorrect_cvc")]
    [InlineData("processing_error", "processing_error", "processing_error")]
    public async Task A_decline_says_why_in_Stripes_words_and_never_that_a_card_is_thought_stolen(string code, string? declineCode, string told)
    {
        var owner = await OwnerAsync();
        Objects.Decline((await world.Open().ListMethodsAsync(owner, None)).Single().Id, code, declineCode, "Stripe thinks it is fraud.");
        var payment = await world.Open().ChargeAsync(Charge(owner) with { IsOffSession = true }, None);
        (payment.Status, payment.DeclineCode).ShouldBe((PaymentStatus.Failed, told));
        payment.Message.ShouldNotBeNullOrEmpty();
        payment.Message.ShouldNotContain("fraud");
    }

    [Fact]
    public async Task Less_than_Stripe_takes_is_a_payment_that_failed()
    {
        var payment = await world.Open().ChargeAsync(Charge(await OwnerAsync()) with { Amount = 0.3m }, None);
        (payment.Status, payment.DeclineCode, payment.Amount).ShouldBe((PaymentStatus.Failed, "amount_too_small", 0.3m));
    }

    [Fact]
    public async Task A_customer_deleted_at_Stripe_has_no_cards_and_begins_anew()
    {
        var owner = await OwnerAsync();
        Objects.Delete((string)Objects.All("customer").Single(customer => (string?)customer["metadata"]!["lava_owner"] == owner)["id"]!);
        (await world.Open().ListMethodsAsync(owner, None)).ShouldBeEmpty();
        (await world.Open().ChargeAsync(Charge(owner), None)).DeclineCode.ShouldBe("no_payment_method");
        var added = (await world.Open().AddMethodAsync(owner, "pm_card_visa", None)).Method!;
        added.IsDefault.ShouldBeTrue();
        (await world.Open().ListMethodsAsync(owner, None)).ShouldBe([added]);

        Objects.Delete((string)Objects.All("customer").Last(customer => (string?)customer["metadata"]!["lava_owner"] == owner)["id"]!);
        (await world.Open().CreateSetupAsync(owner, new Uri("https://shop.example"), None)).Status.ShouldBe(CardSetupStatus.Waiting);
    }

    [Theory]
    [InlineData("https://shop.example/back", "https://shop.example/back?setup_id={CHECKOUT_SESSION_ID}", "https://shop.example/back")]
    [InlineData("https://shop.example:8443/a%20b?x=1&y=%26#end", "https://shop.example:8443/a%20b?x=1&y=%26&setup_id={CHECKOUT_SESSION_ID}#end", "https://shop.example:8443/a%20b?x=1&y=%26#end")]
    public async Task Stripes_page_takes_a_card_charges_nothing_and_sends_back_with_its_own_id(string back, string success, string cancel)
    {
        var setup = await world.Open().CreateSetupAsync(StripeWorld.NewOwner(), new Uri(back), None);
        var session = Objects[setup.Id];
        ((string?)session["mode"], (string?)session["success_url"], (string?)session["cancel_url"]).ShouldBe(("setup", success, cancel));
        setup.PageUrl.ShouldBe(new Uri((string)session["url"]!));
    }

    [Fact]
    public async Task A_page_whose_time_is_up_is_given_up()
    {
        var owner = StripeWorld.NewOwner();
        var setup = await world.Open().CreateSetupAsync(owner, new Uri("https://shop.example"), None);
        Objects.Expire(setup.Id);
        (await world.Open().FindSetupAsync(owner, setup.Id, None)).ShouldBe(new CardSetup { Id = setup.Id, Status = CardSetupStatus.GivenUp });
    }

    [Fact]
    public async Task A_card_given_on_the_page_takes_the_first_rank_once()
    {
        var owner = StripeWorld.NewOwner();
        var setup = await world.Open().CreateSetupAsync(owner, new Uri("https://shop.example"), None);
        Objects.GiveCard(setup.Id, "pm_card_visa");
        var card = (await world.Open().FindSetupAsync(owner, setup.Id, None))!.Method!;
        await world.Open().RemoveMethodAsync(owner, card.Id, None);
        var again = (await world.Open().FindSetupAsync(owner, setup.Id, None))!;
        (again.Status, again.Method).ShouldBe((CardSetupStatus.Complete, null));
        (await world.Open().ChargeAsync(Charge(owner), None)).DeclineCode.ShouldBe("no_payment_method");
    }

    private static ChargeRequest Charge(string owner) => new() { Key = Guid.NewGuid().ToString("N"), Owner = owner, Amount = 10, Description = "A test" };

    private async Task<string> OwnerAsync(string token = "pm_card_visa")
    {
        var owner = StripeWorld.NewOwner();
        await world.Open().AddMethodAsync(owner, token, None);
        return owner;
    }
}
