using System.Net;
using System.Text.RegularExpressions;
using Lava.Service.Admin;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Console;

/// <summary>A customer's page: credits by lot, payments, and what is done with them.</summary>
public sealed partial class CustomerPageTests : IAsyncLifetime
{
    private readonly ManagementHost _host = new();
    private NewMerchant _merchant = null!;
    private Browser _browser = null!;

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        _merchant = await _host.NewMerchantAsync(100);
        _browser = new Browser(_host.Address);
        await _browser.SignInAsync(_merchant.TestKey);
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Credits_are_listed_by_lot_in_the_order_in_which_they_are_spent()
    {
        var (customer, plan) = await SubscribeAsync();
        await _host.PostAsync(_merchant.TestKey, "/v1/test_helpers/credit_bundles", $$"""{"customer_id":"{{customer}}","credit_bundle_id":"{{plan["credit_bundles.0.credit_bundle_id"]}}"}""");
        await _host.PostAsync(_merchant.TestKey, $"/v1/customers/{customer}/adjustments", """{"amount":"3.00","description":"Goodwill"}""");
        await _host.PostAsync(_merchant.TestKey, $"/v1/customers/{customer}/adjustments", """{"amount":"-12.50","description":"Taken"}""");

        // 20.00 of the plan and 8.00 of the bundle end with the cycle, the plan's first; 12.50 came off the plan's.
        var lots = await _host.GetAsync(_merchant.TestKey, $"/v1/customers/{customer}/credits");
        lots.Body.GetProperty("data").GetArrayLength().ShouldBe(3);
        (lots["data.0.kind"], lots["data.0.reason"], lots["data.0.amount"], lots["data.0.remaining"]).ShouldBe(("included", "included_credit", "20.00", "7.50"));
        (lots["data.1.kind"], lots["data.1.reason"], lots["data.1.amount"], lots["data.1.remaining"]).ShouldBe(("bundle", "bundle", "8.00", "8.00"));
        (lots["data.2.reason"], lots["data.2.description"], lots["data.2.remaining"]).ShouldBe(("adjustment", "Goodwill", "3.00"));
        var subscription = await _host.GetAsync(_merchant.TestKey, $"/v1/customers/{customer}/subscription");
        lots["data.0.expires_at"].ShouldBe(subscription["subscription.cycle_end_at"]);
        subscription["subscription.credits.total_remaining"].ShouldBe("18.50");

        var second = await _host.GetAsync(_merchant.TestKey, $"/v1/customers/{customer}/credits?limit=1&cursor={lots["data.0.credit_lot_id"]}");
        (second["data.0.kind"], second["has_more"]).ShouldBe(("bundle", "true"));
        (await _host.GetAsync(_merchant.TestKey, $"/v1/customers/{customer}/credits?cursor=le_x")).Status.ShouldBe(400);

        var html = WebUtility.HtmlDecode((await _browser.GetAsync("/console/test/customers/" + customer)).Html);
        html.ShouldContain("$7.50");
        html.ShouldContain("Goodwill");
    }

    [Fact]
    public async Task Payments_are_listed_and_one_is_refunded_by_form_once_and_at_most_its_rest()
    {
        var (customer, _) = await SubscribeAsync();
        var listed = await _host.GetAsync(_merchant.TestKey, $"/v1/customers/{customer}/payments");
        var payment = listed["data.0.payment_id"]!;
        (listed["data.0.status"], listed["data.0.purpose"], listed["data.0.amount"], listed["data.0.refunded"]).ShouldBe(("succeeded", "subscription", "20.00", "0.00"));
        var entry = await _host.GetAsync(_merchant.TestKey, "/v1/ledger/" + listed["data.0.entry_id"]);
        (entry["reason"], entry["cause"]).ShouldBe(("card_charge", payment));

        var page = (await _browser.GetAsync("/console/test/customers/" + customer)).Html;
        var once = Refund().Match(page).Groups[1].Value;
        (string, string)[] form = [("form_token", Browser.TokenOf(page)), ("once", once), ("payment_id", payment), ("refund_amount", "5.25")];
        for (var i = 0; i < 2; i++)
        {
            var (sent, _) = await _browser.PostAsync($"/console/test/customers/{customer}/refund", form);
            sent.Headers.Location!.ToString().ShouldBe($"/console/test/customers/{customer}?done=refunded");
        }

        await ShouldBeAsync(customer, "partially_refunded", "5.25");
        var (refused, html) = await _browser.SubmitAsync(
            "/console/test/customers/" + customer, $"/console/test/customers/{customer}/refund", ("payment_id", payment), ("refund_amount", "14.76"));
        ((int)refused.StatusCode).ShouldBe(400);
        html.ShouldContain("amount must be at most the rest of the payment: 14.75");
        html.ShouldContain("value=\"14.75\"");

        await _browser.SubmitAsync(
            "/console/test/customers/" + customer, $"/console/test/customers/{customer}/refund", ("payment_id", payment), ("refund_amount", "14.75"));
        await ShouldBeAsync(customer, "refunded", "20.00");
        (await _browser.GetAsync("/console/test/customers/" + customer)).Html.ShouldNotContain("name=\"refund_amount\"");
    }

    [Fact]
    public async Task A_subscription_is_cancelled_and_a_free_customer_moved_to_another_free_plan()
    {
        var (customer, _) = await SubscribeAsync();
        var path = "/console/test/customers/" + customer;
        var subscription = (await _host.GetAsync(_merchant.TestKey, $"/v1/customers/{customer}/subscription"))["subscription.subscription_id"]!;
        (await _browser.SubmitAsync(path, path + "/cancel", ("subscription", subscription))).Response.Headers.Location!.ToString().ShouldBe(path + "?done=cancelled");
        (await _host.GetAsync(_merchant.TestKey, $"/v1/customers/{customer}/subscription"))["subscription.pending_change.type"].ShouldBe("cancellation");
        (await _browser.GetAsync(path)).Html.ShouldNotContain("Cancel the subscription");

        var other = await _host.NewCustomerAsync(_merchant.TestKey);
        var trial = (await _host.PostAsync(_merchant.TestKey, "/v1/plans", """{"name":"Trial","period_amount":"0","billing_interval":"month","included_credit":"4"}"""))["plan_id"]!;
        await _browser.SubmitAsync("/console/test/customers/" + other, $"/console/test/customers/{other}/plan", ("plan_id", trial));
        (await _host.GetAsync(_merchant.TestKey, $"/v1/customers/{other}/subscription"))["subscription.plan.name"].ShouldBe("Trial");
        (await _browser.GetAsync("/console/test/customers/" + other)).Html.ShouldContain("Trial");
    }

    [Fact]
    public async Task The_contact_is_changed_and_the_customer_deleted()
    {
        var customer = await _host.NewCustomerAsync(_merchant.TestKey, """{"reference_id":"user-1","name":"Old Name","email":"a@example.com"}""");
        var path = "/console/test/customers/" + customer;
        await _browser.SubmitAsync(path, path + "/contact", ("name", "<b>Ada</b>"), ("email", "ada@example.com"), ("phone", ""));
        var changed = await _host.GetAsync(_merchant.TestKey, "/v1/customers/" + customer);
        (changed["contact.first_name"], changed["contact.last_name"], changed["contact.email"]).ShouldBe(("<b>Ada</b>", "", "ada@example.com"));
        (await _browser.GetAsync(path)).Html.ShouldNotContain("<b>Ada");

        var (refused, html) = await _browser.SubmitAsync(path, path + "/contact", ("name", "Ada"), ("phone", ""), ("email", "nobody"));
        ((int)refused.StatusCode).ShouldBe(400);
        html.ShouldContain("class=\"wrong\"");

        await _browser.SubmitAsync(path, path + "/delete");
        ((int)(await _browser.GetAsync(path)).Response.StatusCode).ShouldBe(404);
    }

    [Fact]
    public async Task Nobody_refunds_cancels_or_deletes_what_is_anothers()
    {
        var (customer, _) = await SubscribeAsync();
        var payment = (await _host.GetAsync(_merchant.TestKey, $"/v1/customers/{customer}/payments"))["data.0.payment_id"]!;
        var subscription = (await _host.GetAsync(_merchant.TestKey, $"/v1/customers/{customer}/subscription"))["subscription.subscription_id"]!;
        var stranger = await _host.NewMerchantAsync();
        using var other = new Browser(_host.Address);
        await other.SignInAsync(stranger.TestKey);
        foreach (var verb in new[] { "refund", "cancel", "contact", "delete", "adjust", "pay" })
        {
            await other.SubmitAsync(
                "/console/test",
                $"/console/test/customers/{customer}/{verb}",
                ("payment_id", payment),
                ("refund_amount", "1"),
                ("subscription", subscription),
                ("amount", "1"),
                ("description", "x"),
                ("name", "Eve"));
        }

        await ShouldBeAsync(customer, "succeeded", "0.00");
        var kept = await _host.GetAsync(_merchant.TestKey, "/v1/customers/" + customer);
        (kept.Status, kept["contact.first_name"]).ShouldBe((200, ""));
        (await _host.GetAsync(_merchant.TestKey, $"/v1/customers/{customer}/subscription"))["subscription.pending_change"].ShouldBeNull();
        (await _host.GetAsync(stranger.TestKey, $"/v1/customers/{customer}/payments")).Status.ShouldBe(404);
        (await _host.GetAsync(stranger.TestKey, $"/v1/customers/{customer}/credits")).Status.ShouldBe(404);
    }

    // On a plan of 20.00 a month with 20.00 of credit, paid by a test card.
    private async Task<(string Customer, Answer Plan)> SubscribeAsync()
    {
        var customer = await _host.NewCustomerAsync(_merchant.TestKey);
        (await _host.PostAsync(_merchant.TestKey, "/v1/test_helpers/payment_methods", $$"""{"customer_id":"{{customer}}","token":"pm_card_visa","default":true}""")).Status.ShouldBe(201);
        var plan = await _host.PostAsync(
            _merchant.TestKey,
            "/v1/plans",
            """{"name":"Pro","period_amount":"20","billing_interval":"month","credit_bundles":[{"name":"More","cost":"6","credit_amount":"8"}]}""");
        (await _host.PostAsync(_merchant.TestKey, "/v1/test_helpers/subscriptions", $$"""{"customer_id":"{{customer}}","plan_id":"{{plan["plan_id"]}}"}""")).Status.ShouldBe(201);
        return (customer, plan);
    }

    private async Task ShouldBeAsync(string customer, string status, string refunded)
    {
        var listed = await _host.GetAsync(_merchant.TestKey, $"/v1/customers/{customer}/payments");
        (listed["data.0.status"], listed["data.0.refunded"]).ShouldBe((status, refunded));
    }

    [GeneratedRegex("/refund\">.*?name=\"once\" value=\"([^\"]+)\"", RegexOptions.Singleline)]
    private static partial Regex Refund();
}
