using System.Net;
using System.Text.Json;
using Lava.Service.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Api;

public sealed class OpenApiTests(LavaFixture lava) : IClassFixture<LavaFixture>
{
    /// <summary>The checklist of rest-api.md §25, as far as this version serves it.</summary>
    private static readonly string[] Checklist =
    [
        "post /v1/chat/completions", "post /v1/messages", "post /v1/auth/callback", "post /v1/checkout_sessions", "get /v1/forward", "post /v1/forward", "get /v1/credit_bundles/{id}", "get /v1/credit_bundles", "post /v1/customers", "delete /v1/customers/{id}", "get /v1/customers/{id}",
        "get /v1/customers/{id}/subscription", "get /v1/customers", "patch /v1/customers/{id}", "get /v1/account/fallback", "patch /v1/account/fallback", "post /v1/meters", "delete /v1/meters/{id}",
        "get /v1/meters/{id}", "get /v1/meters", "patch /v1/meters/{id}", "get /v1/models", "get /v1/payment_methods", "post /v1/plans", "delete /v1/plans/{id}", "get /v1/plans/{id}", "get /v1/plans",
        "patch /v1/plans/{id}", "post /v1/requests", "get /v1/requests/{id}", "get /v1/requests", "post /v1/secret_keys", "get /v1/secret_keys", "delete /v1/secret_keys/{id}",
        "get /v1/services/providers/{provider}", "get /v1/services", "post /v1/spend_keys", "get /v1/spend_keys/{id}", "get /v1/spend_keys", "delete /v1/spend_keys/{id}",
        "post /v1/spend_keys/{id}/rotate", "put /v1/spend_keys/{id}", "delete /v1/subscriptions/{id}", "post /v1/subscriptions", "get /v1/subscriptions", "patch /v1/subscriptions/{id}", "get /v1/usage",
        "post /v1/wallet/fund", "get /v1/wallet", "post /v1/webhooks", "delete /v1/webhooks/{id}", "get /v1/webhooks/{id}", "get /v1/webhooks", "patch /v1/webhooks/{id}", "get /v1/services/providers",
    ];

    /// <summary>Addresses that are no part of the documented API: its own document, pages, health, older names, what is refused whatever is sent.</summary>
    private static readonly string[] Undocumented = ["/v1/openapi.json", "/docs", "/pay/", "/embed/", "/console", "/portal", "/auth/", "/stripe/", "/health/", "/v1/manage/", "/v1/forward/{**target}", "/v1/rewrite/", "/v1/models/{**model}", "/v1beta/models/{**model}", "/v1/realtime"];

    [Fact]
    public async Task The_document_has_every_endpoint_of_the_checklist()
    {
        var known = Operations(await DocumentAsync()).Select(operation => operation.Name).ToHashSet();
        Checklist.Where(name => !known.Contains(name)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_endpoint_is_documented_and_everything_documented_is_an_endpoint()
    {
        var documented = Operations(await DocumentAsync()).Select(operation => operation.Name).ToHashSet();
        var served = lava.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Select(method => (Method: method, Route: endpoint.RoutePattern.RawText!)))
            .Where(endpoint => !Undocumented.Any(prefix => endpoint.Route.StartsWith(prefix, StringComparison.Ordinal)))
            .Where(endpoint => endpoint != ("PATCH", "/v1/spend_keys/{id}") && endpoint.Route != "/")
            .Select(endpoint => $"{endpoint.Method.ToLowerInvariant()} {endpoint.Route}")
            .ToHashSet();
        documented.Where(name => !served.Contains(name)).ShouldBeEmpty();
        served.Where(name => !documented.Contains(name)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Resources_stand_in_the_order_in_which_a_newcomer_meets_them()
    {
        string[] order = ["Gateway", "Catalogue", "Meters", "Plans", "Customers", "Subscriptions", "Checkout", "Requests", "Ledger", "Wallet", "Invoices", "Keys", "Account", "Webhooks", "Alerts", "Testing", "Admin"];
        (await DocumentAsync()).GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("name").GetString()).ShouldBe(order);
    }

    [Fact]
    public async Task It_is_openapi_3_1_with_a_schema_for_each_body_and_answer_unique_names_and_no_dangling_reference()
    {
        var document = await DocumentAsync();
        document.GetProperty("openapi").GetString()!.ShouldStartWith("3.1");
        var operations = Operations(document).ToList();
        operations.Select(operation => operation.Value.GetProperty("operationId").GetString()).ShouldBeUnique();
        foreach (var (name, operation) in operations)
        {
            operation.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty(name);
            operation.GetProperty("responses").EnumerateObject().ShouldContain(response => response.Name.StartsWith('2'), name);
            var path = name.Split(' ')[1];
            var parameters = operation.TryGetProperty("parameters", out var list) ? list.EnumerateArray().Where(p => p.GetProperty("in").GetString() == "path").Select(p => p.GetProperty("name").GetString()!).ToList() : [];
            parameters.ShouldBe(path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}')), name);
        }

        var schemas = document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => schema.Name).ToHashSet();
        foreach (var reference in References(document)) schemas.ShouldContain(reference);
        document.GetRawText().ShouldNotContain(".md");
    }

    [Fact]
    public async Task Members_that_a_body_requires_are_those_whose_absence_is_refused()
    {
        var document = await DocumentAsync();
        var schemas = document.GetProperty("components").GetProperty("schemas");
        foreach (var (name, operation) in Operations(document).Where(operation => operation.Name.StartsWith("post", StringComparison.Ordinal) && operation.Value.TryGetProperty("requestBody", out _)))
        {
            var path = name.Split(' ')[1];
            if (path.Contains('{', StringComparison.Ordinal) || path.StartsWith("/v1/admin/", StringComparison.Ordinal)) continue;
            var schema = schemas.GetProperty(operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString()!.Split('/')[^1]);
            var required = schema.TryGetProperty("required", out var list) ? list.EnumerateArray().Select(member => member.GetString()!).Order(StringComparer.Ordinal).ToList() : [];
            var answer = await lava.SendAsync(lava.First.TestKey, "POST", path, new StringContent("{}"));
            var refused = answer.Status == 400
                ? answer.Body.GetProperty("error").GetProperty("issues").EnumerateArray().Select(issue => issue.GetProperty("path")[0].GetString()!).Distinct().Order(StringComparer.Ordinal).ToList()
                : [];
            refused.ShouldBe(required, name);
        }
    }

    [Fact]
    public async Task The_reference_page_takes_its_scripts_from_this_server_by_a_nonce_of_its_own_and_names_no_other()
    {
        var nonces = new List<string>();
        for (var time = 0; time < 2; time++)
        {
            using var answer = await lava.Http.GetAsync(new Uri("/docs", UriKind.Relative));
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            policy.ShouldContain("default-src 'none'; script-src 'nonce-");
            policy.ShouldNotContain("http");
            var nonce = policy.Split("'nonce-")[1].Split('\'')[0];
            nonces.Add(nonce);
            var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
            html.Split("<script").Skip(1).ShouldAllBe(script => script.Contains($"nonce=\"{nonce}\"", StringComparison.Ordinal));
            html.ShouldContain("v1/openapi.json");
            html.ShouldNotContain("https://");
        }

        nonces.Distinct().Count().ShouldBe(2);
        using var script = await lava.Http.GetAsync(new Uri("/docs/scalar.js", UriKind.Relative));
        script.Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
    }

    private async Task<JsonElement> DocumentAsync() => JsonElement.Parse(await lava.Http.GetStringAsync(new Uri("/v1/openapi.json", UriKind.Relative)));

    private static IEnumerable<(string Name, JsonElement Value)> Operations(JsonElement document) =>
        document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => ($"{operation.Name} {path.Name}", operation.Value)));

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member =>
            member is { Name: "$ref", Value.ValueKind: JsonValueKind.String } ? [member.Value.GetString()!.Split('/')[^1]] : References(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
