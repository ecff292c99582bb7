using System.Net;
using Lava.Service.Tests.Customers.Portal;

namespace Lava.Service.Tests.Console.Portal;

/// <summary>What must not be possible in the portal.</summary>
public sealed class PortalSafetyTests(PortalWorld world) : IClassFixture<PortalWorld>
{
    private static readonly string[] Pages = ["/portal", "/portal/usage", "/portal/plan", "/portal/billing"];
    private static readonly string[] Forms = ["/portal/plan", "/portal/keep", "/portal/cancel", "/portal/credits", "/portal/pay", "/portal/cards", "/portal/cards/default", "/portal/cards/remove", "/portal/sign-out"];

    [Fact]
    public async Task Without_a_visit_there_is_no_page_and_no_form_and_what_is_there_may_be_framed_by_anybody()
    {
        using var browser = new Browser(world.Host.Address);
        foreach (var path in Pages)
        {
            var (response, html) = await browser.GetAsync(path);
            ((int)response.StatusCode).ShouldBe(401, path);
            html.ShouldNotContain("<form");
            Policy(response).ShouldContain("frame-ancestors https: http:;");
        }

        foreach (var path in Forms) ((int)(await browser.PostAsync(path, ("form_token", "x"))).Response.StatusCode).ShouldBe(401, path);
        foreach (var id in new[] { "", "x", new string('x', 43), new string('x', 5000) })
        {
            browser.Cookies["lava_portal"] = id;
            ((int)(await browser.GetAsync("/portal")).Response.StatusCode).ShouldBe(401);
        }
    }

    [Fact]
    public async Task A_customer_opens_the_invoices_of_its_own_payments_and_no_others()
    {
        var (mine, other) = (await world.CustomerAsync("Joan"), await world.CustomerAsync("Ruth"));
        foreach (var customer in new[] { mine, other })
            (await world.Host.PostAsync(world.Key, "/v1/test_helpers/subscriptions", $$"""{"customer_id":"{{customer}}","plan_id":"{{world.Silver}}"}""")).Status.ShouldBe(201);
        var invoice = (await world.Host.GetAsync(world.Key, $"/v1/customers/{mine}/payments"))["data.0.invoice_id"]!;

        using var browser = await world.VisitAsync(mine);
        (await browser.GetAsync("/portal/billing")).Html.ShouldContain($"href=\"/portal/invoices/{invoice}\"");
        var (response, pdf) = await browser.GetAsync("/portal/invoices/" + invoice);
        (response.StatusCode, response.Content.Headers.ContentType!.MediaType).ShouldBe((HttpStatusCode.OK, "application/pdf"));
        pdf.ShouldStartWith("%PDF-");

        using var stranger = await world.VisitAsync(other);
        foreach (var path in new[] { invoice, "x", mine }) ((int)(await stranger.GetAsync("/portal/invoices/" + path)).Response.StatusCode).ShouldBe(404, path);
        using var nobody = new Browser(world.Host.Address);
        ((int)(await nobody.GetAsync("/portal/invoices/" + invoice)).Response.StatusCode).ShouldBe(401);
    }

    [Fact]
    public async Task A_link_opens_once_and_its_secret_is_no_cookie()
    {
        var link = await world.LinkAsync(await world.CustomerAsync("Ada"));
        using var browser = new Browser(world.Host.Address);
        var (entered, _) = await browser.GetAsync(link);
        (entered.StatusCode, entered.Headers.Location!.ToString()).ShouldBe((HttpStatusCode.SeeOther, "/portal"));
        var cookie = entered.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldStartWith("lava_portal=");
        cookie.ShouldNotContain(link.Split('/')[^1]);
        cookie.ShouldContain("path=/portal");
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=lax");
        entered.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);

        using var thief = new Browser(world.Host.Address);
        var (again, html) = await thief.GetAsync(link);
        ((int)again.StatusCode).ShouldBe(404);
        html.ShouldContain("used or is too old");
        thief.Cookies.ShouldBeEmpty();
        thief.Cookies["lava_portal"] = link.Split('/')[^1];
        ((int)(await thief.GetAsync("/portal")).Response.StatusCode).ShouldBe(401);
    }

    [Fact]
    public async Task Opening_a_link_gives_a_new_visit_and_ends_the_one_that_was_there()
    {
        var (first, second) = (await world.CustomerAsync("Grace"), await world.CustomerAsync("Mary"));
        using var browser = await world.VisitAsync(first);
        var planted = browser.Cookies["lava_portal"];
        await browser.GetAsync(await world.LinkAsync(second));

        browser.Cookies["lava_portal"].ShouldNotBe(planted);
        (await PortalWorld.TextAsync(browser, "/portal")).ShouldContain("mary@example.com");
        using var planter = new Browser(world.Host.Address);
        planter.Cookies["lava_portal"] = planted;
        ((int)(await planter.GetAsync("/portal")).Response.StatusCode).ShouldBe(401);
    }

    [Fact]
    public async Task A_form_counts_only_with_the_token_of_its_own_visit()
    {
        var (mine, other) = (await world.CustomerAsync("Edith"), await world.CustomerAsync("Hedy"));
        using var browser = await world.VisitAsync(mine);
        using var stranger = await world.VisitAsync(other);
        var foreign = Browser.TokenOf((await stranger.GetAsync("/portal/plan")).Html);
        var subscription = await world.Host.SubscriptionOfAsync(world.Key, mine);
        foreach (var path in Forms)
        {
            foreach (var token in new[] { "", "x", foreign })
            {
                var (response, _) = await browser.PostAsync(path, ("form_token", token), ("subscription", subscription), ("plan_id", world.Gold), ("expected_amount", "25.00"));
                ((int)response.StatusCode).ShouldBe(400, $"{path} {token}");
            }
        }

        (await world.StateAsync(mine)).Plan.ShouldBe("Free");
        ((int)(await browser.GetAsync("/portal")).Response.StatusCode).ShouldBe(200);
    }

    [Fact]
    public async Task What_belongs_to_other_customers_is_neither_seen_nor_changed()
    {
        var (mine, other) = (await world.CustomerAsync("Alan", null), await world.CustomerAsync("Joan"));
        var (otherCard, otherSubscription) = ((await world.Host.GetAsync(world.Key, $"/v1/customers/{other}/payment_methods"))["data.0.payment_method_id"]!, await world.Host.SubscriptionOfAsync(world.Key, other));
        await world.Host.PostAsync(world.Key, $"/v1/subscriptions/{otherSubscription}/plan", $$"""{"plan_id":"{{world.Silver}}"}""");
        var payment = (await world.Host.GetAsync(world.Key, $"/v1/customers/{other}/payments"))["data.0.payment_id"]!;
        using var browser = await world.VisitAsync(mine);
        var own = await world.Host.SubscriptionOfAsync(world.Key, mine);
        var before = await world.StateAsync(other);

        foreach (var path in Pages)
        {
            foreach (var query in new[] { "", "?customer_id=" + other, "?cursor=" + payment })
            {
                var html = (await browser.GetAsync(path + query)).Html;
                foreach (var secret in new[] { other, otherCard, otherSubscription, payment, "joan@" }) html.Replace("cursor=" + payment, "", StringComparison.Ordinal).ShouldNotContain(secret, Case.Sensitive, path + query);
            }
        }

        foreach (var (path, fields) in new (string, (string, string)[])[]
        {
            ("/portal/plan", [("subscription", otherSubscription), ("plan_id", world.Gold), ("expected_amount", "25.00")]),
            ("/portal/plan", [("subscription", own), ("plan_id", world.Gold), ("expected_amount", "25.00"), ("card", otherCard)]),
            ("/portal/credits", [("subscription", otherSubscription), ("credit_bundle_id", world.Bundle), ("expected_amount", "5.00")]),
            ("/portal/cancel", [("subscription", otherSubscription)]),
            ("/portal/keep", [("subscription", otherSubscription)]),
            ("/portal/pay", [("subscription", otherSubscription)]),
            ("/portal/cards/default", [("card", otherCard)]),
            ("/portal/cards/remove", [("card", otherCard)]),
            ("/portal/cards/remove", [("card", $"../../{other}/payment_methods/{otherCard}")]),
        })
        {
            var (response, _) = await browser.SubmitAsync("/portal/plan", path, fields);
            ((int)response.StatusCode).ShouldBeOneOf([402, 404, 409], path + fields[0]);
        }

        (await world.StateAsync(other)).ShouldBe(before);
        (await world.StateAsync(mine)).Plan.ShouldBe("Free");
        (await world.Host.GetAsync(world.Key, $"/v1/customers/{other}/payment_methods"))["data.0.payment_method_id"].ShouldBe(otherCard);
    }

    [Fact]
    public async Task Only_the_origin_of_the_visit_may_frame_it_and_its_cookie_is_kept_for_that_site()
    {
        var customer = await world.CustomerAsync("Rosa");
        using var alone = await world.VisitAsync(customer);
        var (own, _) = await alone.GetAsync("/portal");
        Policy(own).ShouldContain("frame-ancestors 'none';");
        own.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);

        using var browser = new Browser(world.Host.Address);
        var (entered, _) = await browser.GetAsync(await world.LinkAsync(customer, "\"embed_origin\":\"https://shop.example:8443\""));
        var cookie = entered.Headers.GetValues("Set-Cookie").Single();
        foreach (var part in new[] { "lava_portal_frame=", "samesite=none", "secure", "Partitioned", "httponly", "path=/portal" }) cookie.ShouldContain(part, Case.Insensitive);
        foreach (var path in Pages)
        {
            var (framed, html) = await browser.GetAsync(path);
            ((int)framed.StatusCode).ShouldBe(200);
            Policy(framed).ShouldContain("frame-ancestors https://shop.example:8443;");
            framed.Headers.Contains("X-Frame-Options").ShouldBeFalse();
            html.ShouldContain("target=\"_top\"");
        }

        // The two kinds do not stand in each other's way.
        await browser.GetAsync(await world.LinkAsync(customer));
        browser.Cookies.Keys.ShouldBe(["lava_portal"]);
    }

    [Fact]
    public async Task Pages_hold_browsers_to_their_own_sources_and_are_kept_nowhere()
    {
        using var browser = await world.VisitAsync(await world.CustomerAsync("Lise"));
        foreach (var path in Pages)
        {
            var (response, html) = await browser.GetAsync(path);
            Policy(response).ShouldBe("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
            response.Headers.GetValues("Cache-Control").ShouldBe(["no-store"]);
            html.ShouldNotContain("style=");
            html.ShouldNotContain("<script>");
        }
    }

    [Fact]
    public async Task Names_of_plans_and_customers_become_no_markup()
    {
        const string Script = "<script>alert(1)</script>";
        var plan = await world.Host.NewPlanAsync(world.Key, Script, "7");
        var customer = await world.Host.NewCustomerAsync(world.Key, $$"""{"name":"{{Script}}"}""");
        using var browser = await world.VisitAsync(customer, $"\"plan_ids\":[\"{plan}\"]");
        foreach (var path in Pages) (await browser.GetAsync(path)).Html.ShouldNotContain(Script);
        (await PortalWorld.TextAsync(browser, "/portal/plan")).ShouldContain(Script);
        await world.Host.DeleteAsync(world.Key, "/v1/plans/" + plan);
    }

    [Fact]
    public async Task A_visit_ends_with_its_hour_by_signing_out_and_with_its_customer()
    {
        var own = new PortalWorld();
        await own.InitializeAsync();
        try
        {
            var customer = await own.CustomerAsync("Ada");
            using var browser = await own.VisitAsync(customer);
            var id = browser.Cookies["lava_portal"];
            var (left, html) = await browser.SubmitAsync("/portal", "/portal/sign-out");
            ((int)left.StatusCode).ShouldBe(200);
            html.ShouldContain("https://shop.example/account");
            browser.Cookies.ShouldBeEmpty();
            browser.Cookies["lava_portal"] = id;
            ((int)(await browser.GetAsync("/portal")).Response.StatusCode).ShouldBe(401);

            using var late = await own.VisitAsync(customer);
            own.Host.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
            ((int)(await late.GetAsync("/portal")).Response.StatusCode).ShouldBe(200);
            own.Host.Clock.Advance(TimeSpan.FromSeconds(1));
            ((int)(await late.GetAsync("/portal")).Response.StatusCode).ShouldBe(401);

            using var gone = await own.VisitAsync(customer);
            await own.Host.DeleteAsync(own.Key, "/v1/customers/" + customer);
            ((int)(await gone.GetAsync("/portal")).Response.StatusCode).ShouldBe(401);
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_console_and_the_portal_open_nothing_of_each_other()
    {
        using var merchant = new Browser(world.Host.Address);
        await merchant.SignInAsync(world.Key);
        ((int)(await merchant.GetAsync("/portal")).Response.StatusCode).ShouldBe(401);
        using var customer = await world.VisitAsync(await world.CustomerAsync("Emmy"));
        customer.Cookies["lava_console"] = customer.Cookies["lava_portal"];
        (await customer.GetAsync("/console/test")).Response.Headers.Location!.ToString().ShouldStartWith("/console/sign-in");
        (await world.Host.GetAsync(customer.Cookies["lava_portal"], "/v1/customers")).Status.ShouldBe(401);
    }

    private static string Policy(HttpResponseMessage response) => response.Headers.GetValues("Content-Security-Policy").Single();
}
