namespace Lava.Functions.Tests.Payments;

/// <summary>A checkout in live mode without Stripe's form: its cards given on Stripe's page and its bank on a page of its own.</summary>
public sealed class StripeCheckoutTests(StripeWorld world) : IClassFixture<StripeWorld>
{
    [Theory]
    [InlineData("pm_card_visa", false)]
    [InlineData("pm_card_authenticationRequired", true)]
    public async Task A_new_customer_gives_a_card_on_Stripes_page_and_pays_with_it(string token, bool isAuthenticated)
    {
        await using var shop = await StripeShop.OpenAsync(world);
        var page = await shop.BeginAsync();
        var first = await shop.SendAsync("GET", page);
        first.Body.ShouldContain("Add a card");
        first.Body.ShouldNotContain("name=\"number\"");
        first.Body.ShouldNotContain("class=\"pay\"");
        first.Body.ShouldContain("formtarget=\"_blank\"");
        first.Policy.ShouldNotBeNull();
        first.Policy.ShouldNotContain("stripe");

        // A number that somebody sends all the same is none of ours to take.
        (await shop.SendAsync("POST", page, "email=ada@example.com&number=4242424242424242")).Status.ShouldBe(400);
        (await shop.SendAsync("POST", page, "new_card=1")).Body.ShouldContain("Enter your e-mail address");
        world.Stripe.Objects.All("customer").ShouldAllBe(customer => (string?)customer["metadata"]!["lava_merchant"] != shop.MerchantId);

        var leaving = await shop.SendAsync("POST", page, "email=ada@example.com&new_card=1");
        leaving.Status.ShouldBe(200);
        var session = world.Stripe.Objects.All("checkout.session")[^1];
        leaving.Body.ShouldContain($"href=\"{session["url"]}\"");

        // Stripe keeps the address, so the page's secret is not in it: it leads to a page that only says what became of it.
        var success = ((string?)session["success_url"]).ShouldNotBeNull();
        success.ShouldStartWith("https://lava.example/embed/checkout/return/csr_");
        success.ShouldEndWith("?setup_id={CHECKOUT_SESSION_ID}");
        success.ShouldNotContain(page.Split('/')[^1]);
        world.Stripe.Objects.GiveCard((string)session["id"]!, token);
        (await shop.SendAsync("GET", new Uri(success).PathAndQuery)).Body.ShouldContain("Your card is saved");

        var back = await shop.SendAsync("GET", page);
        back.Body.ShouldContain("class=\"pay\"");
        back.Body.ShouldContain("•••• 4242");
        var card = world.Stripe.Objects.All("payment_method")[^1]["id"];
        var paid = await shop.SendAsync("POST", page, $"card={card}");
        (paid.Status, paid.Location).ShouldBe((303, "https://lava.example" + page));
        if (isAuthenticated)
        {
            // Not sent to the bank by the form, which the page's own rule would forbid: it is linked.
            var waiting = await shop.SendAsync("GET", page);
            var url = (string)world.Stripe.Objects.All("payment_intent")[^1]["next_action"]!["redirect_to_url"]!["url"]!;
            waiting.Body.ShouldContain($"href=\"{url}\" target=\"_blank\" rel=\"noopener\"");
            world.Stripe.Objects.Authenticate(new Uri(url), true);
        }

        (await shop.SendAsync("GET", page)).Body.ShouldContain("Thank you");
        world.Stripe.Objects.All("payment_intent").Count(intent => (string?)intent["payment_method"] == (string?)card && (string?)intent["status"] == "succeeded").ShouldBe(1);
    }
}
