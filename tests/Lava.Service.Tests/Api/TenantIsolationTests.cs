using System.Net.Http.Json;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Api;

public sealed class TenantIsolationTests(LavaFixture lava) : IClassFixture<LavaFixture>
{
    [Fact]
    public async Task Neither_another_merchant_nor_the_other_mode_can_read_list_change_or_delete_anything()
    {
        var owner = lava.First.TestKey;
        var meter = (await lava.PostAsync(owner, "/v1/meters", new { name = "M", meter_slug = "shared-name", rate_type = "fixed", tier_type = "requests", tiers = new[] { new { start = "0", rate = "1" } } })).GetProperty("meter_id").GetString()!;
        var customer = (await lava.PostAsync(owner, "/v1/customers", new { reference_id = "theirs" })).GetProperty("customer_id").GetString()!;
        await lava.PostAsync(owner, "/v1/requests", new { request_id = "report-1", customer_id = customer, meter_slug = meter, input_tokens = 1 });
        var plan = lava.First.Merchant.TestPlanId;
        var paid = await lava.PostAsync(owner, "/v1/plans", new { name = "P", period_amount = "5", billing_interval = "month", credit_bundles = new[] { new { name = "b", cost = "1", credit_amount = "1" } } });
        var bundle = paid.GetProperty("credit_bundles")[0].GetProperty("credit_bundle_id").GetString()!;
        var subscription = (await lava.SendAsync(owner, "GET", $"/v1/customers/{customer}/subscription")).Body.GetProperty("subscription").GetProperty("subscription_id").GetString()!;
        var webhook = (await lava.PostAsync(owner, "/v1/webhooks", new { name = "W", url = "https://example.com/" })).GetProperty("webhook_id").GetString()!;
        var spendKey = (await lava.PostAsync(owner, "/v1/spend_keys", new { name = "S" })).GetProperty("spend_key_id").GetString()!;
        var clock = (await lava.PostAsync(owner, "/v1/test_clocks", new { frozen_time = "2027-01-01T00:00:00Z" })).GetProperty("test_clock_id").GetString()!;
        var card = (await lava.PostAsync(owner, "/v1/test_helpers/payment_methods", new { token = "pm_card_visa" })).GetProperty("payment_method_id").GetString()!;
        var entry = (await lava.SendAsync(owner, "GET", $"/v1/ledger?customer_id={customer}")).Body.GetProperty("data")[0].GetProperty("entry_id").GetString()!;
        var key = (await lava.PostAsync(owner, "/v1/secret_keys", new { name = "K" })).GetProperty("secret_key_id").GetString()!;

        foreach (var stranger in new[] { lava.Second.TestKey, lava.First.LiveKey, lava.Second.LiveKey })
        {
            foreach (var (method, path) in new[]
            {
                ("GET", $"/v1/meters/{meter}"), ("GET", "/v1/meters/shared-name"), ("PATCH", $"/v1/meters/{meter}"), ("DELETE", $"/v1/meters/{meter}"),
                ("GET", $"/v1/customers/{customer}"), ("GET", "/v1/customers/theirs"), ("PATCH", $"/v1/customers/{customer}"), ("DELETE", $"/v1/customers/{customer}"),
                ("GET", $"/v1/customers/{customer}/subscription"), ("GET", "/v1/requests/report-1"), ("GET", $"/v1/plans/{plan}"), ("PATCH", $"/v1/plans/{plan}"), ("DELETE", $"/v1/secret_keys/{key}"),
                ("DELETE", $"/v1/plans/{paid.GetProperty("plan_id").GetString()}"), ("GET", $"/v1/credit_bundles/{bundle}"), ("GET", $"/v1/credit_bundles?plan_id={plan}"),
                ("PATCH", $"/v1/subscriptions/{subscription}"), ("DELETE", $"/v1/subscriptions/{subscription}"), ("GET", $"/v1/subscriptions?customer_id={customer}"),
                ("GET", $"/v1/webhooks/{webhook}"), ("PATCH", $"/v1/webhooks/{webhook}"), ("DELETE", $"/v1/webhooks/{webhook}"), ("GET", $"/v1/webhooks/{webhook}/deliveries"), ("POST", $"/v1/webhooks/{webhook}/rotate"),
                ("GET", $"/v1/spend_keys/{spendKey}"), ("PATCH", $"/v1/spend_keys/{spendKey}"), ("DELETE", $"/v1/spend_keys/{spendKey}"), ("POST", $"/v1/spend_keys/{spendKey}/rotate"),
                ("GET", $"/v1/test_clocks/{clock}"), ("GET", $"/v1/ledger?customer_id={customer}"), ("GET", $"/v1/ledger/{entry}"),
            })
            {
                (await lava.SendAsync(stranger, method, path, method == "PATCH" ? ChangeOf(path) : null)).Status.ShouldBe(404, $"{method} {path}");
            }

            foreach (var path in new[] { "/v1/meters", "/v1/customers", "/v1/requests", $"/v1/requests?customer_id={customer}", $"/v1/requests?meter_id={meter}", "/v1/subscriptions?status=all", "/v1/webhooks", "/v1/spend_keys", "/v1/test_clocks", "/v1/credit_bundles", "/v1/payment_methods" })
                (await lava.SendAsync(stranger, "GET", path)).Body.GetProperty("data").GetArrayLength().ShouldBe(0, path);

            (await lava.SendAsync(stranger, "GET", $"/v1/customers?cursor={customer}")).Status.ShouldBeOneOf(200, 400);
            (await lava.SendAsync(stranger, "GET", $"/v1/usage?start=2020-01-01&end=2020-02-01&customer_id={customer}")).Body.GetProperty("totals").GetProperty("total_requests").GetInt64().ShouldBe(0);
            (await lava.SendAsync(stranger, "POST", "/v1/requests", JsonContent.Create(new { request_id = "x", customer_id = customer, meter_slug = meter }))).Status.ShouldBe(404);

            (await lava.SendAsync(stranger, "POST", "/v1/wallet/fund", JsonContent.Create(new { payment_method_id = card, amount = "10" }))).Status.ShouldBe(stranger == lava.Second.TestKey ? 404 : 503);
            (await lava.SendAsync(stranger, "POST", "/v1/subscriptions", JsonContent.Create(new { customer_id = customer, plan_id = plan }))).Status.ShouldBe(404);
            (await lava.SendAsync(stranger, "POST", $"/v1/test_clocks/{clock}/advance", JsonContent.Create(new { frozen_time = "2027-02-01T00:00:00Z" }))).Status.ShouldBe(404);
            (await lava.SendAsync(stranger, "POST", "/v1/customers", JsonContent.Create(new { test_clock_id = clock }))).Status.ShouldBe(400);
            (await lava.SendAsync(stranger, "POST", "/v1/meters/simulate", JsonContent.Create(new { meter_id = meter, start = "2020-01-01T00:00:00Z", meter = new { rate_type = "fixed", tier_type = "requests", tiers = new[] { new { start = "0", rate = "1" } } } }))).Status.ShouldBe(404);

            // Neither priced with another's meter nor charged to another's customer.
            var token = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($$"""{"secret_key":"{{stranger}}","customer_id":"{{customer}}","meter_slug":"{{meter}}"}"""));
            var call = new StringContent("""{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}""");
            (await lava.SendAsync(token, "POST", "/v1/forward?u=https://api.openai.com/v1/chat/completions", call)).Status.ShouldBe(404);
        }

        (await lava.SendAsync(owner, "GET", $"/v1/customers/{customer}/subscription")).Body.GetProperty("subscription").GetProperty("credits").GetProperty("total_remaining").GetString().ShouldBe("9.00");
        (await lava.SendAsync(owner, "GET", $"/v1/meters/{meter}")).Body.GetProperty("name").GetString().ShouldBe("M");
    }

    private static JsonContent ChangeOf(string path) =>
        path.Contains("/subscriptions/", StringComparison.Ordinal) ? JsonContent.Create(new { auto_top_up_bundle_id = "stolen" }) : JsonContent.Create(new { name = "stolen" });
}
