using Lava.Functions.Payments;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Tables;
using Lava.StripeFake;
using Microsoft.Extensions.Configuration;

namespace Lava.Functions.Tests.Payments;

/// <summary>Stripe's form in a page of ours, as the adapter sees it: SetupIntents for cards, PaymentIntents whose bank asks in the page.</summary>
public sealed class StripeFormTests(StripeWorld world) : IClassFixture<StripeWorld>
{
    private static CancellationToken None => CancellationToken.None;

    private FakeStripeObjects Objects => world.Stripe.Objects;

    [Fact]
    public async Task A_setup_takes_cards_alone_for_charges_without_the_cardholder_and_its_secret_is_asked_for_each_time()
    {
        var owner = StripeWorld.NewOwner();
        var setup = await world.Open().CreateFormAsync(owner, None);
        var intent = Objects[setup.Id];
        ((string?)intent["usage"], (string?)intent["customer"], (string?)intent["metadata"]!["lava_owner"]).ShouldBe(("off_session", (string?)Objects.All("customer")[^1]["id"], owner));
        setup.Form.ShouldBe(new CardForm(FakeStripe.PublishableKey, (string)intent["client_secret"]!));
        var asked = world.Stripe.Heard.Count;
        (await world.Open().FindSetupAsync(owner, setup.Id, None))!.Form.ShouldBe(setup.Form);
        world.Stripe.Heard.Skip(asked).Select(heard => heard.Request).ShouldBe([$"GET /v1/setup_intents/{setup.Id}"]);
    }

    [Fact]
    public async Task A_card_given_in_the_form_is_kept_and_takes_the_first_rank_once()
    {
        var owner = StripeWorld.NewOwner();
        var processor = world.Open();
        var setup = await processor.CreateFormAsync(owner, None);
        Confirm(setup.Form!, "pm_card_chargeDeclined").Status.ShouldBe(402);
        (await processor.FindSetupAsync(owner, setup.Id, None))!.Status.ShouldBe(CardSetupStatus.Waiting);
        Confirm(setup.Form!, "pm_card_visa").Status.ShouldBe(200);
        var done = (await processor.FindSetupAsync(owner, setup.Id, None))!;
        (done.Status, done.Form, done.Method!.IsDefault).ShouldBe((CardSetupStatus.Complete, null, true));
        (await processor.ListMethodsAsync(owner, None)).ShouldBe([done.Method]);

        var other = (await processor.AddMethodAsync(owner, "pm_card_mastercard", None)).Method!;
        await processor.SetDefaultMethodAsync(owner, other.Id, None);
        (await processor.FindSetupAsync(owner, setup.Id, None))!.Method!.IsDefault.ShouldBeFalse();
    }

    [Fact]
    public async Task A_setup_of_another_owner_and_one_of_Stripes_own_page_are_refused()
    {
        var (owner, stranger) = (StripeWorld.NewOwner(), StripeWorld.NewOwner());
        var setup = await world.Open().CreateFormAsync(owner, None);
        Confirm(setup.Form!, "pm_card_visa");
        await world.Open().CreateFormAsync(stranger, None);
        (await world.Open().FindSetupAsync(stranger, setup.Id, None)).ShouldBeNull();

        var page = await world.Open().CreateSetupAsync(owner, new Uri("https://shop.example"), None);
        Objects.GiveCard(page.Id, "pm_card_visa");
        (await world.Open().FindSetupAsync(owner, (string)Objects[page.Id]["setup_intent"]!, None)).ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_bank_asks_in_the_page_and_its_answer_is_Stripes_to_tell(bool isApproved)
    {
        var owner = StripeWorld.NewOwner();
        await world.Open().AddMethodAsync(owner, "pm_card_authenticationRequired", None);
        var request = Charge(owner) with { AuthenticatesInPage = true, ReturnUrl = new Uri("https://lava.example/embed") };
        var waiting = await world.Open().ChargeAsync(request, None);
        var intent = Objects.All("payment_intent")[^1];
        (waiting.Status, waiting.ActionUrl, waiting.ActionForm).ShouldBe((PaymentStatus.RequiresAction, null, new CardForm(FakeStripe.PublishableKey, (string)intent["client_secret"]!)));
        (await world.Open().ChargeAsync(request, None)).ShouldBe(waiting);
        (await world.Open().FindAsync(waiting.Id, None)).ShouldBe(waiting);

        // Who has taken the key away since has payments that wait in vain, and are given up in time.
        (await world.Open(publishableKey: null).ChargeAsync(request, None)).ShouldBe(waiting with { ActionForm = null });

        Objects.Answer((string)intent["id"]!, isApproved);
        var ended = await world.Open().ChargeAsync(request, None);
        (ended.Status, ended.DeclineCode, ended.ActionForm).ShouldBe(isApproved ? (PaymentStatus.Succeeded, null, null) : (PaymentStatus.Failed, "authentication_failed", null));
        if (!isApproved) ((string?)Objects[(string)intent["id"]!]["status"]).ShouldBe("canceled");
    }

    [Theory]
    [InlineData(false, false, FakeStripe.PublishableKey)]
    [InlineData(true, false, null)]
    [InlineData(true, true, FakeStripe.PublishableKey)]
    public async Task Elsewhere_and_without_a_publishable_key_the_bank_asks_on_its_own_page(bool authenticatesInPage, bool isOffSession, string? key)
    {
        var owner = StripeWorld.NewOwner();
        await world.Open().AddMethodAsync(owner, "pm_card_authenticationRequired", None);
        var payment = await world.Open(publishableKey: key).ChargeAsync(Charge(owner) with { AuthenticatesInPage = authenticatesInPage, IsOffSession = isOffSession }, None);
        payment.ActionForm.ShouldBeNull();
        (payment.Status, payment.ActionUrl is not null).ShouldBe(isOffSession ? (PaymentStatus.Failed, false) : (PaymentStatus.RequiresAction, true));
    }

    [Fact]
    public async Task No_row_and_no_text_of_it_has_a_client_secret()
    {
        var tables = new WrittenTables();
        await tables.EnsureTablesAsync(TableNames.All, None);
        var processor = world.Open(tables);
        var owner = StripeWorld.NewOwner();
        var setup = await processor.CreateFormAsync(owner, None);
        Confirm(setup.Form!, "pm_card_authenticationRequired");
        Objects.Answer(setup.Id, true);
        await processor.FindSetupAsync(owner, setup.Id, None);
        var waiting = await processor.ChargeAsync(Charge(owner) with { AuthenticatesInPage = true }, None);
        waiting.ActionForm.ShouldNotBeNull();
        await processor.CancelAsync(waiting.Id, None);
        tables.Written.ShouldContain("pm_");
        foreach (var text in new[] { tables.Written, setup.ToString(), waiting.ToString() }) text.ShouldNotContain("_secret_");
    }

    [Theory]
    [InlineData("pk_live_abc", false, true)]
    [InlineData("pk_test_abc", true, true)]
    [InlineData("pk_test_abc", false, false)]
    [InlineData("sk_live_abc", true, false)]
    [InlineData("rk_live_abc", true, false)]
    [InlineData("\"><script>", true, false)]
    public void Only_a_publishable_key_is_taken_as_one(string key, bool allowsTestKey, bool isTaken)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Stripe:ApiKeySecret", "stripe-api-key"), new("WEBSITE_HOSTNAME", "lava.example"), new("Stripe:PublishableKey", key), new("Stripe:AllowTestKey", allowsTestKey.ToString()),
        ]).Build();
        if (isTaken) StripeOptions.Read(configuration)!.PublishableKey.ShouldBe(key);
        else Should.Throw<InvalidOperationException>(() => StripeOptions.Read(configuration)).Message.ShouldNotContain(key);
    }

    private static ChargeRequest Charge(string owner) => new() { Key = Guid.NewGuid().ToString("N"), Owner = owner, Amount = 10, Description = "A test" };

    // What Stripe.js does.
    private FakeAnswer Confirm(CardForm form, string token) => Objects.DoForBrowser(
        $"POST /v1/setup_intents/{form.ClientSecret[..form.ClientSecret.IndexOf("_secret_", StringComparison.Ordinal)]}/confirm", new() { ["client_secret"] = form.ClientSecret, ["payment_method"] = token });
}
