using System.Net;
using System.Text.RegularExpressions;
using Lava.Service.Admin;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Console;

/// <summary>What the console's forms change, by the rules of the API.</summary>
public sealed partial class FormTests : IAsyncLifetime
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
    public async Task A_secret_key_is_shown_once_works_and_can_be_revoked()
    {
        _host.Clock.Advance(TimeSpan.FromSeconds(1));
        var (_, html) = await _browser.SubmitAsync("/console/test/keys", "/console/test/keys/secret", ("name", "Build server"));
        var raw = SecretKey().Match(html).Value;
        (await _host.GetAsync(raw, "/v1/wallet")).Status.ShouldBe(200);
        var page = (await _browser.GetAsync("/console/test/keys")).Html;
        page.ShouldContain("Build server");
        page.ShouldNotContain(raw);

        _host.Clock.Advance(TimeSpan.FromSeconds(20));
        var id = (await _host.GetAsync(_merchant.TestKey, "/v1/secret_keys"))["data.0.secret_key_id"];
        var (done, _) = await _browser.SubmitAsync("/console/test/keys", $"/console/test/keys/secret/{id}/revoke");
        ((int)done.StatusCode).ShouldBe(303);
        (await _host.GetAsync(raw, "/v1/wallet")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task The_last_secret_key_stays_as_the_API_has_it()
    {
        var id = (await _host.GetAsync(_merchant.TestKey, "/v1/secret_keys"))["data.0.secret_key_id"];
        _host.Clock.Advance(TimeSpan.FromSeconds(20));
        var (refused, html) = await _browser.SubmitAsync("/console/test/keys", $"/console/test/keys/secret/{id}/revoke");
        ((int)refused.StatusCode).ShouldBe(400);
        html.ShouldContain("The last secret key cannot be revoked");
    }

    [Fact]
    public async Task A_spend_key_is_made_with_its_limits_and_set_up_with_its_value_which_is_shown_once()
    {
        var (_, html) = await _browser.SubmitAsync(
            "/console/test/keys/new",
            "/console/test/keys/new",
            ("name", "Claude"),
            ("request_shape", "anthropic"),
            ("amount", "25"),
            ("cycle", "weekly"),
            ("count", "10"),
            ("count_cycle", "daily"),
            ("models", "claude-sonnet-4-5, claude-opus-5-5"));
        var raw = SpendKey().Match(html).Value;
        html.ShouldContain($"ANTHROPIC_BASE_URL={_host.Address.AbsoluteUri.TrimEnd('/')} ANTHROPIC_API_KEY={raw} claude");

        var made = await _host.GetAsync(_merchant.TestKey, "/v1/spend_keys");
        made["data.0.spend_limit.amount"].ShouldBe("25.00");
        made["data.0.spend_limit.cycle"].ShouldBe("weekly");
        made["data.0.request_limit.count"].ShouldBe("10");
        made["data.0.allowed_models.1"].ShouldBe("claude-opus-5-5");
        var id = made["data.0.spend_key_id"];
        (await _browser.GetAsync("/console/test/keys/" + id)).Html.ShouldNotContain(raw);

        await _browser.SubmitAsync("/console/test/keys/" + id, $"/console/test/keys/{id}/pause", ("status", "paused"));
        (await _host.GetAsync(_merchant.TestKey, "/v1/spend_keys"))["data.0.status"].ShouldBe("paused");
        var (_, rotated) = await _browser.SubmitAsync("/console/test/keys/" + id, $"/console/test/keys/{id}/rotate");
        SpendKey().Match(rotated).Value.ShouldNotBe(raw);
        await _browser.SubmitAsync("/console/test/keys/" + id, $"/console/test/keys/{id}/revoke");
        (await _host.GetAsync(_merchant.TestKey, "/v1/spend_keys")).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task What_is_wrong_with_a_form_stands_at_its_field_and_nothing_is_made()
    {
        var (refused, html) = await _browser.SubmitAsync(
            "/console/test/keys/new", "/console/test/keys/new", ("name", "Claude"), ("request_shape", "openai"), ("amount", "a lot"), ("cycle", "weekly"), ("rpm", "-1"));
        ((int)refused.StatusCode).ShouldBe(400);
        html.ShouldContain("amount must be more than 0");
        html.ShouldContain("rpm must be a whole number");
        html.ShouldContain("value=\"a lot\"");
        (await _host.GetAsync(_merchant.TestKey, "/v1/spend_keys")).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_form_of_money_that_is_sent_twice_moves_it_once()
    {
        var customer = await _host.NewCustomerAsync(_merchant.TestKey, """{"reference_id":"user-1"}""");
        var page = (await _browser.GetAsync("/console/test/customers/" + customer)).Html;
        (string, string)[] form =
        [
            ("form_token", Browser.TokenOf(page)), ("once", Once().Match(page).Groups[1].Value), ("amount", "5.00"), ("description", "Goodwill"),
        ];

        for (var i = 0; i < 2; i++) ((int)(await _browser.PostAsync($"/console/test/customers/{customer}/adjust", form)).Response.StatusCode).ShouldBe(303);

        var ledger = await _host.GetAsync(_merchant.TestKey, "/v1/ledger?customer_id=" + customer);
        ledger.Body.GetProperty("data").EnumerateArray().Count(entry => entry.GetProperty("reason").GetString()!.Contains("adjustment", StringComparison.Ordinal)).ShouldBe(1);
        WebUtility.HtmlDecode((await _browser.GetAsync("/console/test/customers/" + customer)).Html).ShouldContain("+$5.00");
    }

    [Fact]
    public async Task The_wallet_is_funded_by_card_and_fills_itself()
    {
        await _host.PostAsync(_merchant.TestKey, "/v1/test_helpers/payment_methods", """{"token":"pm_card_visa","default":true}""");
        var card = (await _host.GetAsync(_merchant.TestKey, "/v1/payment_methods"))["data.0.payment_method_id"]!;

        var (refused, html) = await _browser.SubmitAsync("/console/test/wallet", "/console/test/wallet/fund", ("amount", "9.99"), ("payment_method_id", card));
        ((int)refused.StatusCode).ShouldBe(400);
        html.ShouldContain("amount must be from 10 to 10000");

        (await _browser.SubmitAsync("/console/test/wallet", "/console/test/wallet/fund", ("amount", "50"), ("payment_method_id", card))).Response
            .Headers.Location!.ToString().ShouldBe("/console/test/wallet?funded=1");
        (await _host.GetAsync(_merchant.TestKey, "/v1/wallet"))["balance"].ShouldBe("150.00");

        await _browser.SubmitAsync("/console/test/wallet", "/console/test/wallet/auto-reload", ("threshold", "10"), ("amount", "20"));
        (await _host.GetAsync(_merchant.TestKey, "/v1/wallet/auto_reload"))["daily_cap"].ShouldBe("100.00");
        await _browser.SubmitAsync("/console/test/wallet", "/console/test/wallet/auto-reload/off");
        (await _host.GetAsync(_merchant.TestKey, "/v1/wallet/auto_reload"))["enabled"].ShouldBe("false");
    }

    [Fact]
    public async Task A_meter_is_made_with_its_rate_and_a_wrong_one_is_refused_at_its_field()
    {
        (string, string)[] form = [("name", "Chat"), ("meter_slug", "chat"), ("rate_type", "fixed"), ("tier_type", "tokens_1m"), ("rate_0", "5")];
        ((int)(await _browser.SubmitAsync("/console/test/pricing", "/console/test/pricing/meters", form)).Response.StatusCode).ShouldBe(303);
        var made = await _host.GetAsync(_merchant.TestKey, "/v1/meters");
        made["data.0.meter_slug"].ShouldBe("chat");
        made["data.0.tiers.0.rate"].ShouldBe("5.00");
        (await _browser.GetAsync("/console/test/pricing")).Html.ShouldContain("$5.00 per 1M tokens");

        form[4] = ("rate_0", "much");
        var (refused, html) = await _browser.SubmitAsync("/console/test/pricing", "/console/test/pricing/meters", form);
        ((int)refused.StatusCode).ShouldBe(400);
        html.ShouldContain("role=\"alert\"");
        (await _host.GetAsync(_merchant.TestKey, "/v1/meters")).Body.GetProperty("data").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_webhook_is_made_its_secret_shown_once_and_it_can_be_rotated_and_deleted()
    {
        var (_, html) = await _browser.SubmitAsync("/console/test/webhooks", "/console/test/webhooks", ("name", "Billing"), ("url", "https://example.com/lava"));
        html.ShouldContain("the signing secret of Billing");
        var id = (await _host.GetAsync(_merchant.TestKey, "/v1/webhooks"))["data.0.webhook_id"];
        (await _browser.GetAsync("/console/test/webhooks/" + id)).Html.ShouldNotContain("the signing secret of");
        (await _browser.SubmitAsync("/console/test/webhooks/" + id, $"/console/test/webhooks/{id}/rotate")).Html.ShouldContain("the signing secret of Billing");

        await _browser.SubmitAsync("/console/test/webhooks/" + id, $"/console/test/webhooks/{id}/delete");
        (await _host.GetAsync(_merchant.TestKey, "/v1/webhooks")).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
        var (bad, wrong) = await _browser.SubmitAsync("/console/test/webhooks", "/console/test/webhooks", ("name", "Billing"), ("url", "ftp://example.com"));
        ((int)bad.StatusCode).ShouldBe(400);
        wrong.ShouldContain("url must be an http or https address");
    }

    [Fact]
    public async Task No_form_changes_what_is_another_merchants_or_the_other_modes()
    {
        var customer = await _host.NewCustomerAsync(_merchant.TestKey);
        var spendKey = (await _host.PostAsync(_merchant.TestKey, "/v1/spend_keys", """{"name":"S"}"""))["spend_key_id"]!;
        var secretKey = (await _host.PostAsync(_merchant.TestKey, "/v1/secret_keys", """{"name":"K"}"""))["secret_key_id"]!;
        _host.Clock.Advance(TimeSpan.FromSeconds(20));
        var before = await StateAsync(customer);
        using var live = new Browser(_host.Address);
        using var stranger = new Browser(_host.Address);
        await live.SignInAsync(_merchant.LiveKey);
        await stranger.SignInAsync((await _host.NewMerchantAsync()).TestKey);

        foreach (var (browser, own) in new[] { (live, "live"), (stranger, "test") })
        {
            foreach (var mode in new[] { "test", "live" })
            {
                foreach (var action in new[] { $"keys/{spendKey}/pause", $"keys/{spendKey}/rotate", $"keys/{spendKey}/revoke", $"keys/secret/{secretKey}/revoke", $"customers/{customer}/adjust" })
                {
                    var (response, html) = await browser.SubmitAsync($"/console/{own}", $"/console/{mode}/{action}", ("status", "paused"), ("amount", "5"), ("description", "x"));
                    ((int)response.StatusCode).ShouldBeOneOf(303, 403, 404);
                    html.ShouldNotContain("lava_sk_");
                }

                ((int)(await browser.GetAsync($"/console/{mode}/customers/{customer}")).Response.StatusCode).ShouldBeOneOf(403, 404);
                ((int)(await browser.GetAsync($"/console/{mode}/keys/{spendKey}")).Response.StatusCode).ShouldBeOneOf(403, 404);
            }
        }

        (await StateAsync(customer)).ShouldBe(before);
    }

    private async Task<string> StateAsync(string customer)
    {
        var state = "";
        foreach (var path in new[] { "spend_keys", "secret_keys", "customers", "ledger?customer_id=" + customer })
            state += (await _host.GetAsync(_merchant.TestKey, "/v1/" + path)).Body.GetRawText();
        return state;
    }

    [GeneratedRegex("aks_test_[\\w-]{43}")]
    private static partial Regex SecretKey();

    [GeneratedRegex("lava_sk_[\\w-]{43}")]
    private static partial Regex SpendKey();

    [GeneratedRegex("name=\"once\" value=\"([^\"]+)\"")]
    private static partial Regex Once();
}
