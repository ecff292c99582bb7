using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Pricing;

public sealed class PlanTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    [Fact]
    public async Task A_merchant_has_a_Free_plan_in_each_mode_and_credit_only_where_it_was_given()
    {
        var merchant = await host.NewMerchantAsync(testCredit: 10);
        var test = await host.GetAsync(merchant.TestKey, "/v1/plans/" + merchant.Merchant.TestPlanId);
        test.Body.EnumerateObject().Select(member => member.Name).ShouldBe(
            ["plan_id", "merchant_id", "name", "period_amount", "included_credit", "billing_interval", "rollover_type", "bundle_rollover_type", "default_auto_top_up_bundle_id", "linked_meters", "credit_bundles", "created_at"]);
        (test["name"], test["period_amount"], test["included_credit"], test["billing_interval"], test["rollover_type"], test["bundle_rollover_type"]).ShouldBe(("Free", "0.00", "10.00", "month", "none", "full"));
        (test["merchant_id"], test["default_auto_top_up_bundle_id"], test["credit_bundles"]).ShouldBe((merchant.Merchant.Id, null, "[]"));
        (await host.GetAsync(merchant.LiveKey, "/v1/plans"))["data.0.included_credit"].ShouldBe("0.00");
        (await host.GetAsync(merchant.LiveKey, "/v1/plans")).Body.GetProperty("data").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_plan_changes_as_far_as_it_may()
    {
        var merchant = await host.NewMerchantAsync();
        var (key, path) = (merchant.TestKey, "/v1/plans/" + merchant.Merchant.TestPlanId);
        var meter = await host.NewMeterAsync(key, "\"meter_slug\":\"chat\"");
        var changed = await host.PatchAsync(key, path, """{"name":"Starter","included_credit":1.5,"rollover_type":"full","bundle_rollover_type":"none","meter_ids":["chat","chat"]}""");
        (changed["name"], changed["included_credit"], changed["rollover_type"], changed["bundle_rollover_type"]).ShouldBe(("Starter", "1.50", "full", "none"));
        changed["linked_meters"].ShouldBe($$"""[{"meter_id":"{{meter}}","name":"Chat"}]""");
        (await host.GetAsync(key, path)).Body.GetRawText().ShouldBe(changed.Body.GetRawText());
        foreach (var member in new[] { "\"period_amount\":\"1\"", "\"billing_interval\":\"year\"" })
        {
            var refused = await host.PatchAsync(key, path, $$"""{"name":"Other",{{member}}}""");
            (refused.Status, refused.Code).ShouldBe((400, "immutable_field"));
        }

        (await host.PatchAsync(key, path, """{"period_amount":"0.00","billing_interval":"month"}""")).Body.GetRawText().ShouldBe(changed.Body.GetRawText());
        (await host.PatchAsync(key, path, """{"meter_ids":[]}"""))["linked_meters"].ShouldBe("[]");
    }

    [Fact]
    public async Task A_deleted_meter_is_linked_no_more()
    {
        var merchant = await host.NewMerchantAsync();
        var (key, path) = (merchant.TestKey, "/v1/plans/" + merchant.Merchant.TestPlanId);
        var meter = await host.NewMeterAsync(key);
        await host.PatchAsync(key, path, $$"""{"meter_ids":["{{meter}}"]}""");
        host.Clock.Advance(TimeSpan.FromSeconds(15));
        await host.DeleteAsync(key, "/v1/meters/" + meter);
        (await host.GetAsync(key, path))["linked_meters"].ShouldBe("[]");
    }

    [Fact]
    public async Task Credit_that_the_plan_gains_is_for_customers_made_afterwards()
    {
        var merchant = await host.NewMerchantAsync(testCredit: 1);
        var before = await host.NewCustomerAsync(merchant.TestKey);
        await host.PatchAsync(merchant.TestKey, "/v1/plans/" + merchant.Merchant.TestPlanId, """{"included_credit":"5"}""");
        var after = await host.NewCustomerAsync(merchant.TestKey);
        (await host.GetAsync(merchant.TestKey, $"/v1/customers/{before}/subscription"))["subscription.credits.total_remaining"].ShouldBe("1.00");
        (await host.GetAsync(merchant.TestKey, $"/v1/customers/{after}/subscription"))["subscription.credits.total_remaining"].ShouldBe("5.00");
    }

    [Fact]
    public async Task A_wallet_shows_its_own_modes_balance()
    {
        var merchant = await host.NewMerchantAsync();
        (await host.GetAsync(merchant.TestKey, "/v1/wallet")).Body.GetRawText().ShouldBe($$"""{"wallet_id":"{{merchant.Merchant.TestWalletId}}","balance":"100.00"}""");
        (await host.GetAsync(merchant.LiveKey, "/v1/wallet")).Body.GetRawText().ShouldBe($$"""{"wallet_id":"{{merchant.Merchant.LiveWalletId}}","balance":"0.00"}""");
    }
}
