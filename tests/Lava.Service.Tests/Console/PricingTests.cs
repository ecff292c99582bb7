using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lava.Console.Pages.Pricing;
using Lava.Core.Pricing;
using Lava.Service.Admin;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Console;

/// <summary>The editors of meters and plans.</summary>
public sealed partial class PricingTests : IAsyncLifetime
{
    private const string New = "/console/test/pricing/meters/new";

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
    public async Task A_meter_is_made_with_its_tiers_after_a_look_at_its_curve()
    {
        (string, string)[] form =
        [
            ("name", "Chat"), ("meter_slug", "chat"), ("rate_type", "fixed"), ("tier_type", "tokens_1m"), ("start_0", ""), ("rate_0", "5"),
            ("start_1", ""), ("rate_1", ""), ("start_2", "1000000"), ("rate_2", "3"),
        ];
        var (shown, html) = await _browser.SubmitAsync(New, "/console/test/pricing/meters", [.. form, ("action", "preview")]);
        ((int)shown.StatusCode).ShouldBe(200);
        (await _host.GetAsync(_merchant.TestKey, "/v1/meters")).Body.GetProperty("data").GetArrayLength().ShouldBe(0);

        // 1.5M tokens: 5.00 for the first million, 1.50 for the half after it.
        var values = Series(html)[0];
        (values[0], values[^1]).ShouldBe((0m, 6.5m));

        (await _browser.SubmitAsync(New, "/console/test/pricing/meters", [.. form, ("action", "save")])).Response.Headers.Location!.ToString().ShouldBe("/console/test/pricing");
        var made = await _host.GetAsync(_merchant.TestKey, "/v1/meters");
        (made["data.0.tiers.0.rate"], made["data.0.tiers.1.start"], made["data.0.tiers.1.rate"]).ShouldBe(("5.00", "1000000", "3.00"));
    }

    [Fact]
    public async Task Other_prices_are_weighed_on_the_traffic_of_the_month_before_they_are_saved()
    {
        var meter = (await _host.PostAsync(
            _merchant.TestKey,
            "/v1/meters",
            """{"name":"Chat","meter_slug":"chat","rate_type":"fixed","tier_type":"tokens_1m","tiers":[{"start":"0","rate":"5"}]}"""))["meter_id"]!;
        var customer = await _host.NewCustomerAsync(_merchant.TestKey);
        await _host.PostAsync(
            _merchant.TestKey,
            "/v1/requests",
            $$"""{"request_id":"r1","customer_id":"{{customer}}","meter_slug":"chat","input_tokens":400000,"output_tokens":200000}""");
        await _host.GetAsync(_merchant.TestKey, "/v1/requests?settled=true");
        var path = "/console/test/pricing/meters/" + meter;

        // 600,000 tokens were charged 3.00. At 8.00 up to 500,000 and 2.00 from there: 4.00 + 0.20.
        (string, string)[] form = [("name", "Chat"), ("start_0", "0"), ("rate_0", "8"), ("start_1", "500000"), ("rate_1", "2"), ("charges_cached", "yes")];
        var (_, html) = await _browser.SubmitAsync(path, path + "/edit", [.. form, ("action", "preview")]);
        var text = WebUtility.HtmlDecode(html);
        text.ShouldContain("$3.00");
        text.ShouldContain("$4.20");
        text.ShouldContain("+$1.20");
        Series(html).Count.ShouldBe(2);
        (await _host.GetAsync(_merchant.TestKey, "/v1/meters/" + meter))["tiers.0.rate"].ShouldBe("5.00");

        await _browser.SubmitAsync(path, path + "/edit", [.. form, ("action", "save")]);
        var saved = await _host.GetAsync(_merchant.TestKey, "/v1/meters/" + meter);
        (saved["tiers.0.rate"], saved["tiers.1.start"]).ShouldBe(("8.00", "500000"));

        foreach (var action in new[] { "save", "preview" })
        {
            form[3] = ("start_1", "half a million");
            var (refused, why) = await _browser.SubmitAsync(path, path + "/edit", [.. form, ("action", action)]);
            ((int)refused.StatusCode).ShouldBe(400);
            why.ShouldContain("role=\"alert\"");
            why.ShouldContain("value=\"half a million\"");
        }
    }

    [Fact]
    public async Task A_plan_is_made_with_bundles_and_meters_and_changed()
    {
        var meter = await _host.NewMeterAsync(_merchant.TestKey, "\"meter_slug\":\"chat\"");
        var other = await _host.NewMeterAsync(_merchant.TestKey, "\"meter_slug\":\"images\"");
        _host.Clock.Advance(TimeSpan.FromSeconds(1));
        await _browser.SubmitAsync(
            "/console/test/pricing/plans/new",
            "/console/test/pricing/plans",
            ("name", "Pro"),
            ("period_amount", "20"),
            ("billing_interval", "month"),
            ("included_credit", "25"),
            ("rollover_type", "full"),
            ("bundle_rollover_type", "full"),
            ($"meter_{meter}", "yes"),
            ("bundle_name_0", "<i>Boost</i>"),
            ("bundle_cost_0", "6"),
            ("bundle_credits_0", "8"),
            ("bundle_name_1", ""));
        var made = await _host.GetAsync(_merchant.TestKey, "/v1/plans");
        (made["data.0.name"], made["data.0.period_amount"], made["data.0.included_credit"], made["data.0.rollover_type"]).ShouldBe(("Pro", "20.00", "25.00", "full"));
        (made["data.0.linked_meters.0.meter_id"], made["data.0.credit_bundles.0.cost"]).ShouldBe((meter, "6.00"));
        var path = "/console/test/pricing/plans/" + made["data.0.plan_id"];
        var html = (await _browser.GetAsync(path)).Html;
        html.ShouldNotContain("<i>Boost");

        await _browser.SubmitAsync(
            path,
            path + "/edit",
            ("name", "Pro 2"),
            ("included_credit", "30"),
            ("rollover_type", "none"),
            ("bundle_rollover_type", "full"),
            ($"meter_{meter}", "yes"),
            ($"meter_{other}", "yes"),
            ("bundle_id_0", made["data.0.credit_bundles.0.credit_bundle_id"]!),
            ("bundle_name_0", "Boost"),
            ("bundle_cost_0", "7"),
            ("bundle_credits_0", "8"),
            ("bundle_name_1", "More"),
            ("bundle_cost_1", "50"),
            ("bundle_credits_1", "80"),
            ("default_auto_top_up_bundle_id", made["data.0.credit_bundles.0.credit_bundle_id"]!));
        var plan = await _host.GetAsync(_merchant.TestKey, "/v1/plans/" + made["data.0.plan_id"]);
        (plan["name"], plan["included_credit"], plan["rollover_type"]).ShouldBe(("Pro 2", "30.00", "none"));
        (plan["credit_bundles.0.cost"], plan["credit_bundles.1.name"]).ShouldBe(("7.00", "More"));
        plan["default_auto_top_up_bundle_id"].ShouldBe(plan["credit_bundles.0.credit_bundle_id"]);
        plan.Body.GetProperty("linked_meters").GetArrayLength().ShouldBe(2);

        var (refused, why) = await _browser.SubmitAsync(path, path + "/edit", ("name", "Pro 2"), ("rollover_type", "none"), ("bundle_rollover_type", "full"), ("bundle_name_0", "Free"), ("bundle_cost_0", "0"), ("bundle_credits_0", "1"));
        ((int)refused.StatusCode).ShouldBe(400);
        why.ShouldContain("role=\"alert\"");
        await _browser.SubmitAsync(path, path + "/delete");
        ((int)(await _browser.GetAsync(path)).Response.StatusCode).ShouldBe(404);
    }

    [Fact]
    public async Task The_Free_plan_goes_on_covering_every_meter_when_its_name_is_changed()
    {
        var free = (await _host.GetAsync(_merchant.TestKey, "/v1/plans"))["data.0.plan_id"]!;
        await _host.NewMeterAsync(_merchant.TestKey, "\"meter_slug\":\"chat\"");
        var path = "/console/test/pricing/plans/" + free;
        await _browser.SubmitAsync(path, path + "/edit", ("name", "Gratis"), ("included_credit", "10"), ("rollover_type", "none"), ("bundle_rollover_type", "full"));
        (await _host.GetAsync(_merchant.TestKey, "/v1/plans/" + free))["name"].ShouldBe("Gratis");

        await _host.NewCustomerAsync(_merchant.TestKey, """{"reference_id":"user-1"}""");
        var (asked, _) = await _browser.SubmitAsync(
            "/console/test/playground", "/console/test/playground", ("model", "gpt-4o-mini"), ("prompt", "Hello"), ("customer_id", "user-1"), ("meter", "chat"));
        ((int)asked.StatusCode).ShouldBe(200);
    }

    [Fact]
    public void A_curve_is_the_sum_of_its_tiers_and_a_percentage_its_share_of_a_dollar()
    {
        var tiers = new MeterRate(RateType.Fixed, TierType.Requests, [new Tier(0, 0.10m), new Tier(100, 0.05m), new Tier(1000, 0.01m)]);
        new[] { 0m, 50, 100, 1000, 2000 }.Select(units => PriceCurve.At(tiers, units)).ShouldBe([0m, 5m, 10m, 55m, 65m]);
        var share = new MeterRate(RateType.Percentage, TierType.Tokens1M, [new Tier(0, 120), new Tier(1_000_000, 110)]);
        new[] { 0m, 999_999, 1_000_000 }.Select(units => PriceCurve.At(share, units)).ShouldBe([1.2m, 1.2m, 1.1m]);
    }

    [Fact]
    public async Task Nobody_sees_or_changes_anothers_prices()
    {
        var meter = await _host.NewMeterAsync(_merchant.TestKey, "\"meter_slug\":\"chat\"");
        var plan = (await _host.PostAsync(_merchant.TestKey, "/v1/plans", """{"name":"Pro","period_amount":"20","billing_interval":"month"}"""))["plan_id"]!;
        var other = await _host.NewMerchantAsync();
        using var stranger = new Browser(_host.Address);
        await stranger.SignInAsync(other.TestKey);
        foreach (var path in new[] { "/console/test/pricing/meters/" + meter, "/console/test/pricing/plans/" + plan })
        {
            ((int)(await stranger.GetAsync(path)).Response.StatusCode).ShouldBe(404);
            foreach (var verb in new[] { "/edit", "/delete" })
            {
                var (response, _) = await stranger.SubmitAsync("/console/test", path + verb, ("name", "Mine"), ("rate_0", "0"), ("action", "save"), ("rollover_type", "none"));
                ((int)response.StatusCode).ShouldBe(404);
            }
        }

        (await _host.GetAsync(_merchant.TestKey, "/v1/meters/" + meter))["name"].ShouldNotBe("Mine");
        (await _host.GetAsync(_merchant.TestKey, "/v1/plans/" + plan))["name"].ShouldBe("Pro");
    }

    private static List<decimal[]> Series(string html)
    {
        using var chart = JsonDocument.Parse(WebUtility.HtmlDecode(Chart().Match(html).Groups[1].Value));
        return [.. chart.RootElement.GetProperty("series").EnumerateArray()
            .Select(one => one.GetProperty("values").EnumerateArray().Select(value => value.GetDecimal()).ToArray())];
    }

    [GeneratedRegex("data-chart=\"([^\"]+)\"")]
    private static partial Regex Chart();
}
