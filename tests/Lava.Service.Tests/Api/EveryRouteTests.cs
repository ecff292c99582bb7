using System.Net.Http.Json;
using System.Text;
using Lava.Service.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Api;

/// <summary>What must hold for each route that there is, those that are added later too.</summary>
public sealed class EveryRouteTests(LavaFixture lava) : IClassFixture<LavaFixture>
{
    /// <summary>Routes that do not take a secret key alone: the gateway's, pages, health, older names, the operator's, what anybody may read.</summary>
    private static readonly string[] Others =
    [
        "/v1/openapi.json", "/docs", "/pay/", "/embed/", "/auth/", "/v1/auth/", "/stripe/", "/health/", "/v1/admin/", "/v1/forward", "/v1/rewrite/", "/v1/chat/", "/v1/messages", "/v1/responses", "/v1/embeddings", "/v1/models", "/v1/realtime", "/v1beta/", "/v1/completions", "/v1/moderations", "/v1/rerank", "/v1/images/", "/v1/audio/",
        "/v1/services",
    ];

    [Fact]
    public async Task No_management_route_is_opened_by_anything_but_a_secret_key_as_bearer()
    {
        var key = lava.First.TestKey;
        var spendKey = (await lava.PostAsync(key, "/v1/spend_keys", new { name = "S" })).GetProperty("key").GetString()!;
        var token = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"secret_key":"{{key}}"}"""));
        (string Name, string Value)[] carriers =
        [
            ("X-None", "1"), ("Authorization", "Bearer"), ("Authorization", key), ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":"))), ("Authorization", "Bearer " + spendKey),
            ("Authorization", "Bearer " + token), ("Authorization", "Bearer " + key.ToUpperInvariant()), ("Authorization", $"Bearer \"{key}\""), ("x-api-key", key), ("x-goog-api-key", key), ("xi-api-key", key), ("Cookie", "key=" + key),
        ];
        var checks = 0;
        foreach (var (method, route) in Routes().Where(route => !Others.Any(other => route.Pattern.StartsWith(other, StringComparison.Ordinal))))
        {
            foreach (var carrier in carriers)
            {
                (await lava.SendAsync("", method, Filled(route, "x") + "?key=" + key, null, carrier)).Status.ShouldBe(401, $"{method} {route} {carrier.Name}: {carrier.Value[..Math.Min(12, carrier.Value.Length)]}");
                checks++;
            }
        }

        checks.ShouldBeGreaterThan(500);
    }

    [Fact]
    public async Task No_route_of_the_operator_is_opened_by_a_merchants_credentials()
    {
        // With a clock of its own: so many wrong secrets in a minute are not all looked at.
        var host = new ManagementHost();
        await host.InitializeAsync();
        try
        {
            var merchant = await host.NewMerchantAsync();
            foreach (var (method, route) in Routes().Where(route => route.Pattern.StartsWith("/v1/admin/", StringComparison.Ordinal)))
            {
                foreach (var key in new[] { "", merchant.TestKey, merchant.LiveKey })
                    (await host.SendAsync(key, method, Filled(route, "x"))).Status.ShouldBe(401, $"{method} {route}");
                host.Clock.Advance(TimeSpan.FromMinutes(1));
            }
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task No_route_that_names_an_object_answers_another_merchant_or_the_other_mode()
    {
        var owner = lava.First.TestKey;
        var ids = await ObjectsAsync(owner);
        var secrets = ids.Values.SelectMany(values => values).ToList();
        var strangers = new[] { lava.First.LiveKey, lava.Second.TestKey, lava.Second.LiveKey };
        var before = await StateAsync(owner);
        var checks = 0;
        foreach (var (method, route) in Routes().Where(route => route.Pattern.Contains('{') && !Others.Any(other => route.Pattern.StartsWith(other, StringComparison.Ordinal))))
        {
            var place = route.Replace("/v1/manage/", "/v1/", StringComparison.Ordinal).Split('/')[2];
            ids.ShouldContainKey(place, $"{route} needs an object here that strangers ask for");
            foreach (var id in ids[place])
            {
                foreach (var stranger in strangers)
                {
                    var (status, answer, _) = await lava.SendAsync(stranger, method, Filled(route, id), method is "GET" or "DELETE" ? null : new StringContent("{}"));

                    // A body that is refused before the object is looked up tells nothing of it.
                    status.ShouldBeOneOf([404, 400, 405], $"{method} {route} {answer}");
                    foreach (var secret in secrets.Where(secret => secret != id)) answer.GetRawText().ShouldNotContain(secret, Case.Sensitive, $"{method} {route}");
                    checks++;
                }
            }
        }

        (await StateAsync(owner)).ShouldBe(before);
        checks.ShouldBeGreaterThan(120);
    }

    [Fact]
    public async Task No_list_shows_what_another_merchant_or_the_other_mode_has()
    {
        var ids = (await ObjectsAsync(lava.First.TestKey)).Values.SelectMany(values => values).ToList();
        foreach (var (method, route) in Routes().Where(route => route.Method == "GET" && !route.Pattern.Contains('{') && !Others.Any(other => route.Pattern.StartsWith(other, StringComparison.Ordinal))))
        {
            foreach (var stranger in new[] { lava.First.LiveKey, lava.Second.TestKey, lava.Second.LiveKey })
            {
                foreach (var filter in new[] { "", "?customer_id=" + ids[0], "?limit=100" })
                {
                    var answer = (await lava.SendAsync(stranger, method, route + filter)).Body.GetRawText();

                    // Providers are the server's: their names tell nothing of whose keys are stored.
                    foreach (var id in ids.Where(id => id != "openai" || route != "/v1/providers")) answer.Replace(filter.Length > 0 ? ids[0] : "\0", "", StringComparison.Ordinal).ShouldNotContain(id, Case.Sensitive, $"{route}{filter}");
                }
            }
        }
    }

    // One object at least for each place in addresses, by the first part of their path; those with a name of the merchant's choice by both.
    private async Task<Dictionary<string, string[]>> ObjectsAsync(string key)
    {
        var name = "own-" + Guid.NewGuid().ToString("n");
        async Task<string> Made(string path, string id, object body) => (await lava.PostAsync(key, "/v1/" + path, body)).GetProperty(id).GetString()!;

        var customer = await Made("customers", "customer_id", new { reference_id = name });
        var meter = await Made("meters", "meter_id", new { name = "M", meter_slug = name, rate_type = "fixed", tier_type = "requests", tiers = new[] { new { start = "0", rate = "1" } } });
        await lava.PostAsync(key, "/v1/requests", new { request_id = name, customer_id = customer, meter_slug = meter, input_tokens = 1 });
        var plan = await lava.PostAsync(key, "/v1/plans", new { name = "P", period_amount = "5", billing_interval = "month", credit_bundles = new[] { new { name = "b", cost = "1", credit_amount = "1" } } });
        var subscription = (await lava.SendAsync(key, "GET", $"/v1/customers/{customer}/subscription")).Body.GetProperty("subscription").GetProperty("subscription_id").GetString()!;
        var session = await lava.PostAsync(key, "/v1/checkout_sessions", new { checkout_mode = "subscription", plan_id = plan.GetProperty("plan_id").GetString(), origin_url = "https://shop.example" });
        var setup = await lava.PostAsync(key, "/v1/payment_methods/setups", new { customer_id = customer, return_url = "https://shop.example/done" });
        (await lava.SendAsync(key, "PUT", "/v1/provider_keys/openai", JsonContent.Create(new { keys = new[] { "sk-" + name } }))).Status.ShouldBeInRange(200, 201);
        return new Dictionary<string, string[]>(StringComparer.Ordinal)
        {
            ["customers"] = [customer, name],
            ["meters"] = [meter, name],
            ["requests"] = [name],
            ["plans"] = [plan.GetProperty("plan_id").GetString()!],
            ["credit_bundles"] = [plan.GetProperty("credit_bundles")[0].GetProperty("credit_bundle_id").GetString()!],
            ["subscriptions"] = [subscription],
            ["webhooks"] = [await Made("webhooks", "webhook_id", new { name = "W", url = "https://example.com/" })],
            ["spend_keys"] = [await Made("spend_keys", "spend_key_id", new { name = "S" })],
            ["secret_keys"] = [await Made("secret_keys", "secret_key_id", new { name = "K" })],
            ["test_clocks"] = [await Made("test_clocks", "test_clock_id", new { frozen_time = "2027-01-01T00:00:00Z" })],
            ["checkout_sessions"] = [session.GetProperty("checkout_session_id").GetString()!],
            ["payment_methods"] = [setup.GetProperty("setup_id").GetString()!],
            ["ledger"] = [(await lava.SendAsync(key, "GET", $"/v1/ledger?customer_id={customer}")).Body.GetProperty("data")[0].GetProperty("entry_id").GetString()!],
            ["provider_keys"] = ["openai"],
            ["invoices"] = [await InvoiceAsync()],
            ["wallet"] = [await WalletInvoiceAsync()],
        };

        async Task<string> InvoiceAsync()
        {
            await lava.PostAsync(key, "/v1/test_helpers/payment_methods", new { customer_id = customer, token = "pm_card_visa" });
            await lava.PostAsync(key, "/v1/test_helpers/subscriptions", new { customer_id = customer, plan_id = plan.GetProperty("plan_id").GetString() });
            return (await lava.SendAsync(key, "GET", $"/v1/invoices?customer_id={customer}")).Body.GetProperty("data")[0].GetProperty("invoice_id").GetString()!;
        }

        async Task<string> WalletInvoiceAsync()
        {
            var card = await Made("test_helpers/payment_methods", "payment_method_id", new { token = "pm_card_visa" });
            await lava.PostAsync(key, "/v1/wallet/fund", new { payment_method_id = card, amount = "25.00" });
            return (await lava.SendAsync(key, "GET", "/v1/wallet/invoices")).Body.GetProperty("data")[0].GetProperty("invoice_id").GetString()!;
        }
    }

    // What the owner sees of its objects.
    private async Task<string> StateAsync(string key)
    {
        var state = new StringBuilder();
        foreach (var path in new[] { "customers", "meters", "plans", "webhooks", "spend_keys", "secret_keys", "subscriptions?status=all", "test_clocks", "provider_keys", "requests", "wallet" })
            state.AppendLine((await lava.SendAsync(key, "GET", "/v1/" + path)).Body.GetRawText());
        return state.ToString();
    }

    private List<(string Method, string Pattern)> Routes() =>
        [.. lava.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.IHttpMethodMetadata>()?.HttpMethods ?? []).Select(method => (method, endpoint.RoutePattern.RawText!)))
            .Where(route => route.Item2.StartsWith("/v1/", StringComparison.Ordinal))];

    private static string Filled(string pattern, string id) => string.Join('/', pattern.Split('/').Select(part => part.StartsWith('{') ? Uri.EscapeDataString(id) : part));
}
