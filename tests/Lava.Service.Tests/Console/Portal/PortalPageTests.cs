using System.Net;
using System.Text.RegularExpressions;
using Lava.Service.Tests.Customers.Checkout;
using Lava.Service.Tests.Customers.Portal;

namespace Lava.Service.Tests.Console.Portal;

/// <summary>What customers see and do in the portal.</summary>
public sealed partial class PortalPageTests(PortalWorld world) : IClassFixture<PortalWorld>
{
    [Fact]
    public async Task The_first_page_has_the_balance_by_lot_the_plan_and_the_use()
    {
        var customer = await world.CustomerAsync("Ada");
        using var browser = await world.VisitAsync(customer);
        await ChooseAsync(browser, customer, world.Silver, "10.00");
        await world.Host.PostAsync(world.Key, $"/v1/customers/{customer}/adjustments", """{"amount":"3.00","description":"For the merchant's eyes"}""");
        var meter = await world.Host.NewMeterAsync(world.Key, "\"meter_slug\":\"chat\"");
        await world.Host.PatchAsync(world.Key, "/v1/plans/" + world.Silver, $$"""{"meter_ids":["{{meter}}"]}""");
        await world.Host.PostAsync(world.Key, "/v1/requests", $$"""{"request_id":"{{Guid.NewGuid()}}","customer_id":"{{customer}}","meter_slug":"chat","input_tokens":100000}""");

        var page = await PortalWorld.TextAsync(browser, "/portal");

        // 10.00 of Silver and 3.00 given, less 100,000 tokens at 5.00 a million.
        page.ShouldContain("$12.50");
        page.ShouldContain("$9.50 from your plan, $3.00 bought or given");
        page.ShouldContain("A gift");
        page.ShouldContain("Renews on 1 April 2026");
        page.ShouldContain("ada@example.com");
        page.ShouldContain("Test mode.");
        page.ShouldNotContain("For the merchant's eyes");
        var usage = await PortalWorld.TextAsync(browser, "/portal/usage");
        usage.ShouldContain("$0.50 for 1 call");
        usage.ShouldContain("<td>1 Mar</td><td class=\"num\">$0.50</td><td class=\"num\">1</td><td class=\"num\">100,000</td>");
    }

    [Fact]
    public async Task A_dearer_plan_is_paid_and_begins_a_cheaper_one_waits_and_both_are_taken_back()
    {
        var customer = await world.CustomerAsync("Grace");
        using var browser = await world.VisitAsync(customer);
        (await ChooseAsync(browser, customer, world.Gold, "25.00")).ShouldBe("/portal/plan?done=plan");
        (await world.StateAsync(customer)).ShouldBe(("Gold", "30.00"));

        (await ChooseAsync(browser, customer, world.Silver, "10.00")).ShouldBe("/portal/plan?done=scheduled");
        (await PortalWorld.TextAsync(browser, "/portal/plan?done=scheduled")).ShouldContain("Your plan changes to Silver on 1 April 2026");
        (await SubmitAsync(browser, customer, "/portal/plan", "/portal/keep")).ShouldBe("/portal/plan?done=kept");
        (await PortalWorld.TextAsync(browser, "/portal/plan")).ShouldNotContain("Your plan changes");

        (await SubmitAsync(browser, customer, "/portal/plan", "/portal/cancel")).ShouldBe("/portal/plan?done=cancelled");
        (await PortalWorld.TextAsync(browser, "/portal")).ShouldContain("Ends on 1 April 2026.");
        (await SubmitAsync(browser, customer, "/portal/plan", "/portal/keep")).ShouldBe("/portal/plan?done=kept");
        (await PortalWorld.TextAsync(browser, "/portal")).ShouldContain("Renews on 1 April 2026.");
        (await PortalWorld.TextAsync(browser, "/portal/billing")).ShouldContain("$25.00");
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_buys_once_and_one_with_another_price_buys_nothing()
    {
        var customer = await world.CustomerAsync("Mary");
        using var browser = await world.VisitAsync(customer);
        await ChooseAsync(browser, customer, world.Silver, "10.00");
        var (_, html) = await browser.GetAsync("/portal/plan");
        (string, string)[] form =
        [
            ("form_token", Browser.TokenOf(html)), ("once", Guid.NewGuid().ToString()), ("subscription", await world.Host.SubscriptionOfAsync(world.Key, customer)),
            ("credit_bundle_id", world.Bundle), ("expected_amount", "5.00"),
        ];
        for (var i = 0; i < 3; i++) (await browser.PostAsync("/portal/credits", form)).Response.Headers.Location!.ToString().ShouldBe("/portal/plan?done=credits");
        (await world.StateAsync(customer)).Credits.ShouldBe("16.00");

        var (refused, said) = await browser.PostAsync("/portal/credits", [.. form[..1], ("once", Guid.NewGuid().ToString()), form[2], form[3], ("expected_amount", "4.99")]);
        ((int)refused.StatusCode).ShouldBe(409);
        said.ShouldContain("The price has changed.");
        (await world.StateAsync(customer)).Credits.ShouldBe("16.00");
    }

    [Fact]
    public async Task A_first_card_is_given_on_the_processors_page_and_pays_then()
    {
        var customer = await world.CustomerAsync("Edith", null);
        using var browser = await world.VisitAsync(customer);
        (await PortalWorld.TextAsync(browser, "/portal/plan")).ShouldContain("You have no card yet.");
        await GiveCardAsync(browser, "pm_card_visa");
        world.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        await GiveCardAsync(browser, "pm_card_mastercard");

        var cards = await world.Host.GetAsync(world.Key, $"/v1/customers/{customer}/payment_methods");
        (cards["data.0.brand"], cards["data.0.is_default"], cards["data.1.brand"], cards["data.1.is_default"]).ShouldBe(("mastercard", "true", "visa", "false"));
        var visa = cards["data.1.payment_method_id"]!;
        (await SubmitAsync(browser, customer, "/portal/billing", "/portal/cards/default", ("card", visa))).ShouldBe("/portal/billing?done=default");
        (await SubmitAsync(browser, customer, "/portal/billing", "/portal/cards/remove", ("card", cards["data.0.payment_method_id"]!))).ShouldBe("/portal/billing?done=removed");
        var page = await PortalWorld.TextAsync(browser, "/portal/billing");
        page.ShouldContain("Visa •••• 4242");
        page.ShouldNotContain("Mastercard");
    }

    [Fact]
    public async Task A_bank_that_asks_is_answered_and_the_portal_says_what_became_of_it()
    {
        var customer = await world.CustomerAsync("Hedy", "pm_card_authenticationRequired");
        using var browser = await world.VisitAsync(customer);
        var failed = await AskBankAsync(browser, customer, "fail");
        failed.ShouldBe("/portal/billing?done=unpaid");
        (await world.StateAsync(customer)).Plan.ShouldBe("Free");
        var paid = await AskBankAsync(browser, customer, "complete");
        paid.ShouldBe("/portal/billing?done=paid");
        (await world.StateAsync(customer)).ShouldBe(("Silver", "10.00"));
    }

    [Fact]
    public async Task A_card_that_is_declined_changes_nothing_and_the_page_says_why()
    {
        var customer = await world.CustomerAsync("Alan", "pm_card_chargeDeclined");
        using var browser = await world.VisitAsync(customer);
        var (_, html) = await browser.GetAsync("/portal/plan");
        var (refused, said) = await browser.PostAsync("/portal/plan", await FormAsync(html, customer, world.Gold, "25.00"));
        ((int)refused.StatusCode).ShouldBe(402);
        WebUtility.HtmlDecode(said).ShouldContain("declined");
        (await world.StateAsync(customer)).Plan.ShouldBe("Free");
    }

    [Fact]
    public async Task What_is_overdue_is_said_on_each_page_and_paid_with_a_new_card()
    {
        var host = world.Host;
        var clock = (await host.PostAsync(world.Key, "/v1/test_clocks", """{"frozen_time":"2027-01-01T00:00:00Z"}"""))["test_clock_id"]!;
        var customer = await host.NewCustomerAsync(world.Key, $$"""{"test_clock_id":"{{clock}}"}""");
        await world.AddCardAsync(customer, "pm_card_visa");
        using var browser = await world.VisitAsync(customer);
        await ChooseAsync(browser, customer, world.Gold, "25.00");
        var card = (await host.GetAsync(world.Key, $"/v1/customers/{customer}/payment_methods"))["data.0.payment_method_id"];
        await host.DeleteAsync(world.Key, $"/v1/customers/{customer}/payment_methods/{card}");
        await host.PostAsync(world.Key, $"/v1/test_clocks/{clock}/advance", """{"frozen_time":"2027-02-02T00:00:00Z"}""");
        for (var i = 0; i < 100 && (await host.GetAsync(world.Key, "/v1/test_clocks/" + clock))["status"] != "ready"; i++) await Task.Delay(50);

        foreach (var path in new[] { "/portal", "/portal/plan", "/portal/billing" }) (await PortalWorld.TextAsync(browser, path)).ShouldContain("$25.00 is overdue");
        (await PortalWorld.TextAsync(browser, "/portal/plan")).ShouldContain("ends now, and what is overdue is not charged");

        // A card that is given pays what is overdue by itself; asking as well pays nothing twice.
        await GiveCardAsync(browser, "pm_card_visa");
        for (var i = 0; i < 100 && (await host.GetAsync(world.Key, $"/v1/customers/{customer}/subscription"))["subscription.status"] == "past_due"; i++)
        {
            await SubmitAsync(browser, customer, "/portal/billing", "/portal/pay");
            await Task.Delay(20);
        }

        (await world.StateAsync(customer)).ShouldBe(("Gold", "30.00"));
        (await host.GetAsync(world.Key, $"/v1/customers/{customer}/payments")).Body.GetProperty("data").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Only_plans_that_the_merchant_offers_can_be_chosen()
    {
        var customer = await world.CustomerAsync("Joan");
        using var browser = await world.VisitAsync(customer, $"\"plan_ids\":[\"{world.Gold}\"]");
        var page = await PortalWorld.TextAsync(browser, "/portal/plan");
        page.ShouldContain("<h3>Gold</h3>");
        page.ShouldNotContain("<h3>Silver</h3>");

        var (_, html) = await browser.GetAsync("/portal/plan");
        ((int)(await browser.PostAsync("/portal/plan", await FormAsync(html, customer, world.Silver, "10.00"))).Response.StatusCode).ShouldBe(400);
        (await world.StateAsync(customer)).Plan.ShouldBe("Free");
    }

    [Fact]
    public async Task The_portal_wears_the_merchants_name_colour_and_logo()
    {
        var merchant = await world.Host.NewMerchantAsync();
        var customer = await world.Host.NewCustomerAsync(merchant.TestKey);
        await world.Host.PostAsync(merchant.TestKey, "/v1/branding", """{"name":"Ada's <b> Chat","color":"#0f766e","logo":"https://cdn.shop.example:8443/logo.png?a=1&b=2"}""");
        using var browser = new Browser(world.Host.Address);
        await browser.GetAsync(new Uri((await world.Host.OpenPortalAsync(merchant.TestKey, customer))["url"]!).AbsolutePath);

        var (response, html) = await browser.GetAsync("/portal");

        html.ShouldContain("href=\"/portal/colors/0f766e\"");
        html.ShouldContain("src=\"https://cdn.shop.example:8443/logo.png?a=1&amp;b=2\"");
        html.ShouldNotContain("<b> Chat");
        WebUtility.HtmlDecode(html).ShouldContain("Back to Ada's <b> Chat");
        response.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("img-src 'self' data: https://cdn.shop.example:8443;");
        (await browser.GetAsync("/portal/colors/0f766e")).Html.ShouldContain("--brand: #0f766e;");
        ((int)(await browser.GetAsync("/portal/colors/red")).Response.StatusCode).ShouldBe(404);
    }

    [Fact]
    public async Task Changes_in_the_portal_are_the_customers_in_the_merchants_audit_log()
    {
        var customer = await world.CustomerAsync("Rosa");
        using var browser = await world.VisitAsync(customer);
        await ChooseAsync(browser, customer, world.Silver, "10.00");
        var log = await world.Host.GetAsync(world.Key, "/v1/audit_log?actor_type=customer&actor_id=" + customer);
        (log["data.0.action"], log["data.0.actor.id"], log["data.0.via"]).ShouldBe(("subscription_plan.updated", customer, "portal"));
    }

    private static async Task GiveCardAsync(Browser browser, string token)
    {
        var (_, html) = await browser.SubmitAsync("/portal/billing", "/portal/cards");
        var page = new Uri(WebUtility.HtmlDecode(Button().Match(html).Groups[1].Value));
        page.AbsolutePath.ShouldStartWith("/pay/card/");
        var (status, _, location) = await CheckoutHttp.SendAsync(page, "token=" + token);
        (status, location!.AbsolutePath).ShouldBe((303, "/portal/returned"));
        var (back, _) = await browser.GetAsync(location.PathAndQuery);
        back.Headers.Location!.ToString().ShouldBe("/portal/billing?done=card");
    }

    private async Task<string> AskBankAsync(Browser browser, string customer, string answer)
    {
        var (_, html) = await browser.GetAsync("/portal/plan");
        var (_, leave) = await browser.PostAsync("/portal/plan", await FormAsync(html, customer, world.Silver, "10.00"));
        var page = new Uri(WebUtility.HtmlDecode(Button().Match(leave).Groups[1].Value));
        var (_, _, location) = await CheckoutHttp.SendAsync(page, "result=" + answer);
        return (await browser.GetAsync(location!.PathAndQuery)).Response.Headers.Location!.ToString();
    }

    private async Task<string> ChooseAsync(Browser browser, string customer, string plan, string price)
    {
        var (_, html) = await browser.GetAsync("/portal/plan");
        html.ShouldContain($"name=\"plan_id\" value=\"{plan}\"");
        var (response, said) = await browser.PostAsync("/portal/plan", await FormAsync(html, customer, plan, price));
        ((int)response.StatusCode).ShouldBe(303, said);
        return response.Headers.Location!.ToString();
    }

    private async Task<(string, string)[]> FormAsync(string html, string customer, string plan, string price) =>
    [
        ("form_token", Browser.TokenOf(html)), ("once", Guid.NewGuid().ToString()), ("subscription", await world.Host.SubscriptionOfAsync(world.Key, customer)),
        ("plan_id", plan), ("expected_amount", price),
    ];

    private async Task<string?> SubmitAsync(Browser browser, string customer, string page, string action, params (string, string)[] fields)
    {
        var (response, _) = await browser.SubmitAsync(page, action, [("subscription", await world.Host.SubscriptionOfAsync(world.Key, customer)), .. fields]);
        return response.Headers.Location?.ToString();
    }

    [GeneratedRegex("<a class=\"button\" href=\"([^\"]+)\"")]
    private static partial Regex Button();
}
