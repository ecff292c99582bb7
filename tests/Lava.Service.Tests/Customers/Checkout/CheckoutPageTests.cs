using Lava.Service.Billing.Due;
using Lava.Service.Ports.Tables;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Customers.Checkout;

public sealed class CheckoutPageTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    private const string Card = "number=4242+4242+4242+4242";

    [Fact]
    public async Task A_form_that_is_sent_many_times_at_once_makes_one_customer_and_one_payment()
    {
        var key = await host.NewKeyAsync();
        var (plan, bundle) = await host.NewPaidPlanAsync(key);
        var page = host.Page(await host.SubscribeAsync(key, plan));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CheckoutHttp.SendAsync(page, "email=ada@example.com&" + Card)));
        (await CheckoutHttp.ShowAsync(page)).Body.ShouldContain("Thank you");
        var customers = (await host.GetAsync(key, "/v1/customers")).Body.GetProperty("data");
        customers.GetArrayLength().ShouldBe(1);
        var customer = customers[0].GetProperty("customer_id").GetString()!;
        (await host.CreditsAsync(key, customer)).ShouldBe("20.00");

        var buying = host.Page(await host.BuyAsync(key, bundle, customer));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CheckoutHttp.SendAsync(buying, Card)));
        (await CheckoutHttp.SendAsync(buying, Card)).Status.ShouldBe(303);
        (await host.CreditsAsync(key, customer)).ShouldBe("26.00");
        (await host.GetAsync(key, $"/v1/ledger?customer_id={customer}&reason=card_charge")).Body.GetProperty("data").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task A_server_that_dies_at_any_write_takes_the_money_once_and_gives_what_was_bought_once()
    {
        var key = await host.NewKeyAsync();
        var (plan, bundle) = await host.NewPaidPlanAsync(key);
        for (var death = 1; ; death++)
        {
            var existing = await host.NewSubscriberAsync(key, plan);
            var pages = new[] { host.Page(await host.SubscribeAsync(key, plan)), host.Page(await host.BuyAsync(key, bundle, existing)) };
            var hasDied = false;
            foreach (var page in pages)
            {
                var left = death;
                host.Tables.AfterCommit = table => table != TableNames.Messages && Interlocked.Decrement(ref left) == 0 ? throw new TableStoreException("The process died.") : Task.CompletedTask;
                try
                {
                    await CheckoutHttp.SendAsync(page, $"email=c{death}@example.com&" + Card);
                }
                finally
                {
                    host.Tables.AfterCommit = null;
                }

                hasDied |= left <= 0;

                // As the customer does who sees an error: once more.
                (await CheckoutHttp.SendAsync(page, $"email=c{death}@example.com&" + Card)).Status.ShouldBe(303, $"death {death}");
                (await CheckoutHttp.ShowAsync(page)).Body.ShouldContain("Thank you");
            }

            (await host.CreditsAsync(key, existing)).ShouldBe("26.00", $"death {death}");
            var made = (await host.GetAsync(key, "/v1/customers?limit=100")).Body.GetProperty("data").EnumerateArray().Where(one => one.GetProperty("contact").GetProperty("email").GetString() == $"c{death}@example.com").ToList();
            var customer = made.ShouldHaveSingleItem().GetProperty("customer_id").GetString()!;
            (await host.GetAsync(key, $"/v1/ledger?customer_id={customer}&reason=card_charge")).Body.GetProperty("data").GetArrayLength().ShouldBe(1, $"death {death}");
            if (!hasDied) break;
            host.Clock.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public async Task A_customer_that_a_dying_server_stored_is_opened_by_the_timer_although_nobody_comes_back()
    {
        for (var death = 1; ; death++)
        {
            var key = await host.NewKeyAsync();
            var (plan, _) = await host.NewPaidPlanAsync(key);
            var page = host.Page(await host.SubscribeAsync(key, plan));
            var hasDied = await host.DieAtAsync(death, () => CheckoutHttp.SendAsync(page, "email=ada@example.com&" + Card));
            await host.Services.GetRequiredService<DueWork>().RunAsync(default);
            var customers = (await host.GetAsync(key, "/v1/customers")).Body.GetProperty("data").EnumerateArray().ToList();
            var subscriptions = (await host.GetAsync(key, "/v1/subscriptions?status=active")).Body.GetProperty("data").EnumerateArray().ToList();
            subscriptions.Count.ShouldBe(customers.Count, $"death {death}");
            if (!hasDied) break;
        }
    }

    [Theory]
    [InlineData("email=ada@example.com", "no card")]
    [InlineData("email=ada@example.com&number=4111111111111111", "no card")]
    [InlineData("email=ada@example.com&card=pm_test_unknown", "no card")]
    [InlineData(Card, "Enter your e-mail address")]
    [InlineData("email=nobody&" + Card, "email must be an e-mail address")]
    [InlineData("email=ada@example.com&phone=12&" + Card, "phone must be in E.164 form")]
    [InlineData("email=ada@example.com&number=4000000000000002", "declined")]
    public async Task What_is_wrong_is_said_and_nothing_is_sold(string form, string said)
    {
        var key = await host.NewKeyAsync();
        var (plan, _) = await host.NewPaidPlanAsync(key);
        var page = host.Page(await host.SubscribeAsync(key, plan));
        var (status, body, _) = await CheckoutHttp.SendAsync(page, form);
        status.ShouldBe(400);
        body.ShouldContain(said);
        body.ShouldContain("<form");
        body.ShouldNotContain("4000000000000002");
        foreach (var one in (await host.GetAsync(key, "/v1/customers")).Body.GetProperty("data").EnumerateArray()) one.GetProperty("subscription").GetProperty("plan_id").GetString().ShouldNotBe(plan);
        (await CheckoutHttp.SendAsync(page, "email=ada@example.com&" + Card)).Status.ShouldBe(303);
        (await CheckoutHttp.ShowAsync(page)).Body.ShouldContain("Thank you");
    }

    [Fact]
    public async Task A_form_that_no_page_of_ours_sends_changes_nothing()
    {
        var key = await host.NewKeyAsync();
        var (plan, _) = await host.NewPaidPlanAsync(key);
        var page = host.Page(await host.SubscribeAsync(key, plan));
        (await CheckoutHttp.SendAsync(page, "{}", "application/json")).Status.ShouldBe(400);
        (await CheckoutHttp.SendAsync(page, "email=" + new string('x', 100_000))).Status.ShouldBe(400);
        (await CheckoutHttp.SendAsync(page, string.Join('&', Enumerable.Range(0, 100).Select(i => $"a{i}=1")))).Status.ShouldBe(400);
        (await host.GetAsync(key, "/v1/customers")).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_day_after_its_creation_it_is_over_but_a_completed_one_stays_completed()
    {
        var key = await host.NewKeyAsync();
        var (plan, _) = await host.NewPaidPlanAsync(key);
        var (done, late) = (host.Page(await host.SubscribeAsync(key, plan)), host.Page(await host.SubscribeAsync(key, plan)));
        await CheckoutHttp.SendAsync(done, "email=ada@example.com&" + Card);
        host.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        (await CheckoutHttp.ShowAsync(late)).Body.ShouldContain("<form");
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        (await CheckoutHttp.ShowAsync(late)).Body.ShouldContain("Checkout ended");
        (await CheckoutHttp.SendAsync(late, "email=ada@example.com&" + Card)).Status.ShouldBe(303);
        (await CheckoutHttp.ShowAsync(late)).Body.ShouldContain("Checkout ended");
        (await CheckoutHttp.ShowAsync(done)).Body.ShouldContain("Thank you");
    }

    [Fact]
    public async Task A_price_that_changes_while_the_page_is_open_is_shown_before_it_is_charged()
    {
        var key = await host.NewKeyAsync();
        var (plan, bundle) = await host.NewPaidPlanAsync(key);
        var customer = await host.NewSubscriberAsync(key, plan);
        var page = host.Page(await host.BuyAsync(key, bundle, customer));
        var shown = Terms((await CheckoutHttp.ShowAsync(page)).Body);
        shown.ShouldBe("5.00 USD, 6.00");
        await host.PatchAsync(key, "/v1/plans/" + plan, $$"""{"credit_bundles":[{"credit_bundle_id":"{{bundle}}","cost":"500"}]}""");

        foreach (var form in new[] { Card, $"{Card}&terms={Uri.EscapeDataString(shown)}" })
        {
            var asked = await CheckoutHttp.SendAsync(page, form);
            (asked.Status, Terms(asked.Body)).ShouldBe((400, "500.00 USD, 6.00"));
            asked.Body.ShouldContain("has changed");
        }

        (await host.CreditsAsync(key, customer)).ShouldBe("20.00");
        (await CheckoutHttp.SendAsync(page, $"{Card}&terms={Uri.EscapeDataString("500.00 USD, 6.00")}")).Status.ShouldBe(303);
        (await host.GetAsync(key, $"/v1/ledger?customer_id={customer}&reason=card_charge"))["data.0.postings.1.amount"].ShouldBe("500.00");

        static string Terms(string body) => System.Net.WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(body, "name=\"terms\" value=\"([^\"]*)\"").Groups[1].Value);
    }

    [Fact]
    public async Task A_customer_whose_bank_asks_can_pay_in_another_way_at_once()
    {
        var key = await host.NewKeyAsync();
        var (plan, _) = await host.NewPaidPlanAsync(key);
        var page = host.Page(await host.SubscribeAsync(key, plan));
        await CheckoutHttp.SendAsync(page, "email=ada@example.com&number=4000002760003184");
        var asks = (await CheckoutHttp.ShowAsync(page)).Body;
        asks.ShouldContain("Confirm this payment with your bank");
        asks.ShouldContain("name=\"give_up\"");
        (await CheckoutHttp.SendAsync(page, "give_up=1")).Status.ShouldBe(303);
        (await CheckoutHttp.ShowAsync(page)).Body.ShouldContain("Pay 25.00 USD");
        (await CheckoutHttp.SendAsync(page, Card)).Status.ShouldBe(303);
        (await CheckoutHttp.ShowAsync(page)).Body.ShouldContain("Thank you");
    }

    [Fact]
    public async Task It_ends_with_its_plan_and_with_its_customer()
    {
        var key = await host.NewKeyAsync();
        var (plan, _) = await host.NewPaidPlanAsync(key);
        var customer = await host.NewCustomerAsync(key);
        var (gone, withdrawn) = (host.Page(await host.SubscribeAsync(key, plan, customer)), host.Page(await host.SubscribeAsync(key, plan)));
        await host.DeleteAsync(key, "/v1/customers/" + customer);
        (await CheckoutHttp.ShowAsync(gone)).Body.ShouldContain("Checkout ended");
        await host.DeleteAsync(key, "/v1/plans/" + plan);
        (await CheckoutHttp.ShowAsync(withdrawn)).Body.ShouldContain("Checkout ended");
    }

    [Fact]
    public async Task The_page_is_framed_by_its_origin_alone_kept_nowhere_and_escapes_what_others_wrote()
    {
        var key = await host.NewKeyAsync();
        var plan = (await host.PostAsync(key, "/v1/plans", """{"name":"<script>alert(1)</script>","period_amount":"9.994","billing_interval":"week"}"""))["plan_id"]!;
        var page = host.Page(await host.SubscribeAsync(key, plan));
        var (_, body, answer) = await CheckoutHttp.ShowAsync(page);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        foreach (var rule in new[] { "default-src 'none'", "frame-ancestors https://shop.example;", "form-action 'self';", "base-uri 'none'" }) policy.ShouldContain(rule);
        (answer.Headers.CacheControl!.NoStore, answer.Headers.GetValues("Referrer-Policy").Single()).ShouldBe((true, "no-referrer"));
        body.ShouldContain("const page = {\"origin\":\"https://shop.example\",");
        body.ShouldContain("postMessage(message, page.origin)");
        body.ShouldContain("Pay 10.00 USD per week");
        body.ShouldNotContain("<script>");
        (await CheckoutHttp.SendAsync(page, "email=\"><script>@x&" + "number=1")).Body.ShouldNotContain("<script>");
    }

    [Fact]
    public async Task Without_a_secret_there_is_no_checkout()
    {
        foreach (var secret in new[] { "x", "css_test_" + new string('A', 50), new string('x', 5000), "%2F%23" })
        {
            var page = new Uri(host.Address, "embed/checkout/" + secret);
            (await CheckoutHttp.ShowAsync(page)).Status.ShouldBe(404, secret);
            (await CheckoutHttp.SendAsync(page, Card)).Status.ShouldBe(404, secret);
        }
    }

    [Theory]
    [InlineData("complete", "Thank you")]
    [InlineData("fail", "could not be authenticated")]
    public async Task The_bank_sends_the_customer_back_to_a_page_that_says_what_became_of_it_and_sells_nothing(string choice, string said)
    {
        var key = await host.NewKeyAsync();
        var (plan, _) = await host.NewPaidPlanAsync(key);
        var page = host.Page(await host.SubscribeAsync(key, plan));
        var (_, _, bank) = await CheckoutHttp.SendAsync(page, "email=ada@example.com&number=4000002760003184");
        var (status, _, back) = await CheckoutHttp.SendAsync(new Uri(host.Address, bank!), "result=" + choice);
        (status, back!.AbsolutePath[..26]).ShouldBe((303, "/embed/checkout/return/csr"));
        var (shown, body, answer) = await CheckoutHttp.ShowAsync(back);
        shown.ShouldBe(200);
        body.ShouldContain(said);
        foreach (var absent in new[] { "<form", "ada@example.com", page.Segments[^1], "•••• " }) body.ShouldNotContain(absent);
        body.Contains("lava_checkout_success", StringComparison.Ordinal).ShouldBe(choice == "complete");
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors https://shop.example;");

        // Its token pays for nothing.
        (await CheckoutHttp.SendAsync(back, Card)).Status.ShouldBe(405);
        (await CheckoutHttp.ShowAsync(new Uri(host.Address, "embed/checkout/" + back.Segments[^1]))).Status.ShouldBe(404);
        (await CheckoutHttp.ShowAsync(new Uri(host.Address, "embed/checkout/return/" + page.Segments[^1]))).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("https://münchen.example/laden?a=1", "https://xn--mnchen-3ya.example")]
    [InlineData("https://MÜNCHEN.example:8443/", "https://xn--mnchen-3ya.example:8443")]
    [InlineData("https://xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example")]
    [InlineData("http://[2001:db8::1]:3000/x", "http://[2001:db8::1]:3000")]
    [InlineData("https://例え.テスト", "https://xn--r8jz45g.xn--zckzah")]
    public async Task A_shop_of_any_name_frames_it_by_its_ascii_host(string address, string origin)
    {
        var key = await host.NewKeyAsync();
        var (plan, _) = await host.NewPaidPlanAsync(key);
        var page = host.Page(await host.PostAsync(key, "/v1/checkout_sessions", $$"""{"origin_url":"{{address}}","checkout_mode":"subscription","plan_id":"{{plan}}"}"""));
        var (status, body, answer) = await CheckoutHttp.ShowAsync(page);
        status.ShouldBe(200);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain($"frame-ancestors {origin};");
        body.ShouldContain($"const page = {{\"origin\":\"{origin}\",");
    }
}
