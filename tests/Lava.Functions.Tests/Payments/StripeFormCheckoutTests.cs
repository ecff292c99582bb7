using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lava.StripeFake;

namespace Lava.Functions.Tests.Payments;

/// <summary>A checkout in live mode with Stripe's form in its page. The script itself is tested in a browser (tests/clients).</summary>
public sealed partial class StripeFormCheckoutTests(StripeWorld world) : IClassFixture<StripeWorld>
{
    private const string Policy = "default-src 'none'; style-src 'nonce-N'; script-src 'nonce-N' https://js.stripe.com https://*.js.stripe.com; style-src-attr 'unsafe-inline'; "
        + "frame-src https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com; connect-src https://api.stripe.com; form-action 'self'; frame-ancestors https://shop.example; base-uri 'none'";

    private FakeStripeObjects Objects => world.Stripe.Objects;

    [Fact]
    public async Task A_new_customer_gives_a_card_in_the_page_and_is_subscribed()
    {
        await using var shop = await OpenAsync();
        var page = await shop.BeginAsync();
        var first = await shop.SendAsync("GET", page);
        first.Body.ShouldContain("Add a card");
        first.Body.ShouldNotContain("_blank");
        first.Policy.ShouldNotBeNull();
        first.Policy.ShouldNotContain("stripe");
        (await shop.SendAsync("POST", page, "new_card=1")).Body.ShouldContain("Enter your e-mail address");
        (await shop.SendAsync("POST", page, "setup=seti_1")).Status.ShouldBe(400);
        Objects.All("customer").ShouldAllBe(customer => (string?)customer["metadata"]!["lava_merchant"] != shop.MerchantId);

        var asked = await shop.SendAsync("POST", page, "email=ada@example.com&new_card=1");
        (asked.Status, asked.Location).ShouldBe((303, "https://lava.example" + page));
        var intent = Objects.All("setup_intent")[^1];
        for (var i = 0; i < 2; i++)
        {
            var form = await shop.SendAsync("GET", page);
            Nonce().Replace(form.Policy!, "'nonce-N'").ShouldBe(Policy);
            form.Body.ShouldContain("src=\"https://js.stripe.com/v3/\"");
            form.Body.ShouldContain($"\"{intent["client_secret"]}\"");
            form.Body.ShouldContain($"\"publishableKey\":\"{FakeStripe.PublishableKey}\"");
            form.Body.ShouldContain("Pay 25.00 USD per month");
        }

        // The form is the one that was asked for, however often it is asked for again.
        await shop.SendAsync("POST", page, "new_card=1");
        Objects.All("setup_intent").Count(setup => (string?)setup["customer"] == (string?)intent["customer"]).ShouldBe(1);

        // What the page says of it is not believed.
        (await shop.SendAsync("POST", page, $"setup={intent["id"]}")).Status.ShouldBe(400);
        Confirm(intent, "pm_card_visa").Status.ShouldBe(200);
        (await shop.SendAsync("POST", page, $"setup={intent["id"]}")).Status.ShouldBe(303);
        var done = await shop.SendAsync("GET", page);
        done.Body.ShouldContain("Thank you");
        done.Policy.ShouldNotBeNull();
        done.Policy.ShouldNotContain("stripe");
        Payments(intent).Select(payment => (string?)payment["status"]).ShouldBe(["succeeded"]);
    }

    [Fact]
    public async Task A_card_of_another_customer_is_not_charged()
    {
        await using var shop = await OpenAsync();
        var (page, other) = (await shop.BeginAsync(), await shop.BeginAsync());
        await shop.SendAsync("POST", other, "email=eve@example.com&new_card=1");
        var intent = Objects.All("setup_intent")[^1];
        Confirm(intent, "pm_card_visa");
        await shop.SendAsync("POST", page, "email=ada@example.com&new_card=1");
        (await shop.SendAsync("POST", page, $"setup={intent["id"]}")).Status.ShouldBe(400);
        Payments(intent).ShouldBeEmpty();
        (await shop.SendAsync("GET", page)).Body.ShouldContain("js.stripe.com");
    }

    [Fact]
    public async Task Who_reloads_when_the_card_is_given_pays_with_it_as_a_kept_one_and_it_becomes_the_default()
    {
        await using var shop = await OpenAsync();
        var customer = JsonElement.Parse((await shop.SendAsync("POST", "/v1/customers", "{}", "application/json")).Body).GetProperty("customer_id").GetString();
        var page = await shop.BeginAsync(customer);
        var first = await GiveAsync(shop, page, "pm_card_chargeCustomerFail");
        var declined = await shop.SendAsync("POST", page, $"setup={first["id"]}");
        declined.Status.ShouldBe(400);
        declined.Body.ShouldContain("The card was declined.");
        declined.Body.ShouldContain("Add another card");
        declined.Body.ShouldNotContain("js.stripe.com");

        var second = await GiveAsync(shop, page, "pm_card_mastercard");
        var reloaded = await shop.SendAsync("GET", page);
        reloaded.Body.ShouldNotContain("js.stripe.com");
        reloaded.Body.ShouldContain("mastercard •••• 4444");
        var card = (string)Objects[(string)second["id"]!]["payment_method"]!;
        (await shop.SendAsync("POST", page, $"card={card}")).Status.ShouldBe(303);
        (await shop.SendAsync("GET", page)).Body.ShouldContain("Thank you");
        var cards = JsonElement.Parse((await shop.SendAsync("GET", $"/v1/payment_methods/setups/{second["id"]}?customer_id={customer}")).Body).GetProperty("payment_method");
        (cards.GetProperty("payment_method_id").GetString(), cards.GetProperty("is_default").GetBoolean()).ShouldBe((card, true));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_bank_asks_in_the_page(bool isApproved)
    {
        await using var shop = await OpenAsync();
        var page = await shop.BeginAsync();
        await shop.SendAsync("POST", page, "email=ada@example.com");
        var setup = await GiveAsync(shop, page, "pm_card_authenticationRequired");
        Objects.Answer((string)setup["id"]!, true);
        (await shop.SendAsync("POST", page, $"setup={setup["id"]}")).Status.ShouldBe(303);
        var waiting = await shop.SendAsync("GET", page);
        var payment = Payments(setup).ShouldHaveSingleItem();
        waiting.Body.ShouldContain($"\"clientSecret\":\"{payment["client_secret"]}\"");
        waiting.Body.ShouldContain("handleNextAction");
        waiting.Body.ShouldNotContain("_blank");
        Nonce().Replace(waiting.Policy!, "'nonce-N'").ShouldBe(Policy);

        // Whatever the page says.
        (await shop.SendAsync("GET", page + "?returned=1")).Body.ShouldContain("handleNextAction");
        Objects.Answer((string)payment["id"]!, isApproved);
        var after = await shop.SendAsync("GET", page + "?returned=1");
        after.Body.ShouldContain(isApproved ? "Thank you" : "The payment failed. The cardholder could not be authenticated. You can try again.");
        if (!isApproved) after.Body.ShouldContain("Add another card");
    }

    private Task<StripeShop> OpenAsync() => StripeShop.OpenAsync(world, new KeyValuePair<string, string?>("Stripe:PublishableKey", FakeStripe.PublishableKey));

    private async Task<JsonObject> GiveAsync(StripeShop shop, string page, string token)
    {
        (await shop.SendAsync("POST", page, "email=ada@example.com&new_card=1")).Status.ShouldBe(303);
        var intent = Objects.All("setup_intent")[^1];
        Confirm(intent, token).Status.ShouldBe(200);
        return intent;
    }

    // What Stripe.js does.
    private FakeAnswer Confirm(JsonObject intent, string token) =>
        Objects.DoForBrowser($"POST /v1/setup_intents/{intent["id"]}/confirm", new() { ["client_secret"] = (string)intent["client_secret"]!, ["payment_method"] = token });

    private List<JsonObject> Payments(JsonObject setup) => [.. Objects.All("payment_intent").Where(payment => (string?)payment["customer"] == (string?)setup["customer"])];

    [GeneratedRegex("'nonce-[A-Za-z0-9+/=]+'")]
    private static partial Regex Nonce();
}
