using System.Text.Json;
using System.Web;
using Lava.Service.Credentials;
using Lava.Service.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Accounts;

/// <summary>What a secret key with scopes may do, for each route that there is.</summary>
public sealed class ScopeTests(ManagementHost host) : IClassFixture<ManagementHost>, IDisposable
{
    /// <summary>Where an area's routes begin, written out here again. Reading takes <c>:read</c>, any other method <c>:write</c>.</summary>
    private static readonly (string Prefix, string Area)[] Places =
    [
        ("/v1/account", "account"), ("/v1/branding", "account"), ("/v1/invoice_details", "account"), ("/v1/provider_keys", "account"), ("/v1/audit_log", "account"),
        ("/v1/providers", "catalogue"),
        ("/v1/customers", "customers"), ("/v1/subscriptions", "customers"), ("/v1/checkout_sessions", "customers"), ("/v1/portal_sessions", "customers"), ("/v1/invoices", "customers"),
        ("/v1/secret_keys", "keys"), ("/v1/spend_keys", "keys"), ("/v1/manage/spend_keys", "keys"),
        ("/v1/ledger", "ledger"),
        ("/v1/meters", "pricing"), ("/v1/plans", "pricing"), ("/v1/credit_bundles", "pricing"),
        ("/v1/requests", "requests"), ("/v1/events", "requests"), ("/v1/usage", "requests"),
        ("/v1/test_clocks", "testing"), ("/v1/test_helpers", "testing"),
        ("/v1/wallet", "wallet"), ("/v1/payment_methods", "wallet"),
        ("/v1/webhooks", "webhooks"), ("/v1/alerts", "webhooks"),
    ];

    /// <summary>Routes that need other scopes than their place and method say.</summary>
    private static readonly Dictionary<string, string[]> Exceptions = new(StringComparer.Ordinal)
    {
        ["POST /v1/spend_keys"] = ["keys:write", "gateway"],
        ["POST /v1/spend_keys/{id}/rotate"] = ["keys:write", "gateway"],
        ["POST /v1/manage/spend_keys"] = ["keys:write", "gateway"],
        ["POST /v1/manage/spend_keys/{id}/rotate"] = ["keys:write", "gateway"],
        ["POST /v1/meters/simulate"] = ["pricing:read", "requests:read"],
    };

    private static readonly string[] Gateway =
    [
        "/v1/forward", "/v1/rewrite/", "/v1/chat/", "/v1/messages", "/v1/responses", "/v1/embeddings", "/v1/completions", "/v1/moderations", "/v1/rerank", "/v1/images/", "/v1/audio/", "POST /v1beta/",
    ];

    /// <summary>Routes that no secret key opens, and that anybody may read.</summary>
    private static readonly string[] Others = ["/v1/admin/", "/v1/auth/", "/v1/openapi.json", "/v1/services", "/v1/models", "GET /v1beta/", "/v1/realtime"];

    private readonly HttpClient _browser = new(new HttpClientHandler { AllowAutoRedirect = false });

    public void Dispose() => _browser.Dispose();

    [Fact]
    public async Task Every_route_takes_a_key_with_its_scope_and_no_key_without_it()
    {
        var merchant = await host.NewMerchantAsync();
        var keys = new Dictionary<string, string>();
        var checks = 0;
        foreach (var (method, pattern) in Routes())
        {
            if (NeedsOf(method, pattern) is not { } needs) continue;
            var path = pattern.StartsWith("/v1beta/models/{", StringComparison.Ordinal) ? "/v1beta/models/gemini-2.5-flash:generateContent" : string.Join('/', pattern.Split('/').Select(part => part.StartsWith("{**", StringComparison.Ordinal) ? "api.openai.com/v1/chat/completions" : part.StartsWith('{') ? "x" : part));
            foreach (var need in needs)
            {
                // All that there is but this, and what includes it.
                var others = Scopes.Words.Where(word => word != need && word != need.Replace(":read", ":write", StringComparison.Ordinal)).ToArray();
                var refused = await AskAsync(others, method, path);
                refused.Status.ShouldBe(403, $"{method} {pattern} without {need}: {refused.Body}");

                // Google's clients look for a number where others have the code's name.
                if (!pattern.StartsWith("/v1beta/", StringComparison.Ordinal)) refused.Code.ShouldBe("insufficient_scope", $"{method} {pattern}");
                refused["error.message"].ShouldBe($"This credential lacks the scope {need}.", $"{method} {pattern}");
                checks++;
            }

            foreach (var enough in new[] { needs, [.. needs.Select(need => need.Replace(":read", ":write", StringComparison.Ordinal))] })
            {
                var taken = await AskAsync(enough, method, path);
                taken.Status.ShouldNotBe(401, $"{method} {pattern} with {string.Join(", ", enough)}");
                taken.Body.GetRawText().ShouldNotContain("lacks the scope", Case.Sensitive, $"{method} {pattern} with {string.Join(", ", enough)}");
                checks++;
            }
        }

        checks.ShouldBeGreaterThan(300);

        async Task<Answer> AskAsync(string[] scopes, string method, string path)
        {
            var name = string.Join(' ', scopes);
            if (!keys.TryGetValue(name, out var key)) keys[name] = key = await LimitedAsync(merchant.TestKey, scopes);
            if (keys.Count % 2 == 0) host.Clock.Advance(TimeSpan.FromSeconds(5));
            return await host.SendAsync(key, method, path, method == "GET" ? null : "{}"u8.ToArray());
        }
    }

    [Fact]
    public async Task A_key_without_scopes_may_do_everything_and_says_so_by_saying_nothing()
    {
        var key = await host.NewKeyAsync();
        var full = await host.PostAsync(key, "/v1/secret_keys", """{"name":"K","scopes":null}""");
        full.Status.ShouldBe(201);
        full.Body.TryGetProperty("scopes", out _).ShouldBeFalse();
        (await host.GetAsync(full["secret_key"]!, "/v1/wallet")).Status.ShouldBe(200);

        var limited = await host.PostAsync(key, "/v1/secret_keys", """{"name":"K","scopes":["wallet:read","gateway","wallet:read"]}""");
        limited["scopes"].ShouldBe("""["gateway","wallet:read"]""");
        var list = await host.GetAsync(key, "/v1/secret_keys");
        list.Body.GetProperty("data").EnumerateArray().Count(one => one.TryGetProperty("scopes", out var scopes) && scopes.GetRawText() == """["gateway","wallet:read"]""").ShouldBe(1);
    }

    [Theory]
    [InlineData("[]", "scopes")]
    [InlineData("\"wallet:read\"", "scopes")]
    [InlineData("{}", "scopes")]
    [InlineData("[\"wallet:read\",\"wallet\"]", "scopes.1")]
    [InlineData("[\"wallet:delete\"]", "scopes.0")]
    [InlineData("[\"Wallet:read\"]", "scopes.0")]
    [InlineData("[null]", "scopes.0")]
    [InlineData("[7]", "scopes.0")]
    public async Task Scopes_that_there_are_not_are_refused_where_they_stand(string scopes, string issue)
    {
        var key = await host.NewKeyAsync();
        var refused = await host.PostAsync(key, "/v1/secret_keys", $$"""{"name":"K","scopes":{{scopes}}}""");
        (refused.Status, refused.Code).ShouldBe((400, "validation_error"));
        refused.Issues.ShouldBe([issue]);
        (await host.GetAsync(key, "/v1/secret_keys")).Body.GetProperty("data").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task No_key_makes_one_that_may_do_more_than_itself()
    {
        var key = await host.NewKeyAsync();
        var maker = await LimitedAsync(key, "keys:write", "customers:write", "requests:read");
        (await host.PostAsync(maker, "/v1/secret_keys", """{"name":"K"}""")).Code.ShouldBe("insufficient_scope");
        (await host.PostAsync(maker, "/v1/secret_keys", """{"name":"K","scopes":["customers:read","requests:write"]}"""))["error.message"].ShouldBe("This credential lacks the scope requests:write.");
        (await host.PostAsync(maker, "/v1/secret_keys", """{"name":"K","scopes":["gateway"]}""")).Code.ShouldBe("insufficient_scope");
        (await host.PostAsync(maker, "/v1/spend_keys", """{"name":"S"}"""))["error.message"].ShouldBe("This credential lacks the scope gateway.");

        var made = await host.PostAsync(maker, "/v1/secret_keys", """{"name":"K","scopes":["customers:read","keys:read"]}""");
        made.Status.ShouldBe(201);
        (await host.GetAsync(made["secret_key"]!, "/v1/customers")).Status.ShouldBe(200);
        (await host.PostAsync(made["secret_key"]!, "/v1/customers", "{}")).Code.ShouldBe("insufficient_scope");
        (await host.PostAsync(made["secret_key"]!, "/v1/secret_keys", """{"name":"K","scopes":["keys:read"]}""")).Code.ShouldBe("insufficient_scope");
        (await host.GetAsync(key, "/v1/secret_keys")).Body.GetProperty("data").GetArrayLength().ShouldBe(3);
    }

    [Fact]
    public async Task A_program_that_a_limited_key_lets_in_is_limited_as_it_is()
    {
        var key = await host.NewKeyAsync();
        var reader = await LimitedAsync(key, "wallet:read");
        using (var refused = await ConnectAsync(reader))
        {
            ((int)refused.StatusCode).ShouldBe(403);
            (await refused.Content.ReadAsStringAsync()).ShouldContain("keys:write");
        }

        using var sent = await ConnectAsync(await LimitedAsync(key, "wallet:read", "keys:write"));
        var code = HttpUtility.ParseQueryString(sent.Headers.Location!.Query)["code"]!;
        var made = (await host.PostAsync("", "/v1/auth/callback", JsonSerializer.Serialize(new { code })))["secret_key"]!;
        (await host.GetAsync(made, "/v1/wallet")).Status.ShouldBe(200);
        (await host.GetAsync(made, "/v1/customers"))["error.message"].ShouldBe("This credential lacks the scope customers:read.");
    }

    [Fact]
    public async Task A_forward_token_may_do_what_its_key_may()
    {
        var key = await host.NewKeyAsync(10);
        const string call = """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}""";
        foreach (var (scopes, status) in new[] { (new[] { "customers:write", "requests:write" }, 403), (["gateway"], 200) })
        {
            var limited = await LimitedAsync(key, scopes);
            var token = Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new { secret_key = limited }));
            foreach (var credential in new[] { limited, token })
            {
                (await host.PostAsync(credential, "/v1/chat/completions", call)).Status.ShouldBe(status);
                (await host.PostAsync(credential, "/v1/forward?u=https://api.openai.com/v1/chat/completions", call)).Status.ShouldBe(status);
            }
        }
    }

    private async Task<string> LimitedAsync(string key, params string[] scopes)
    {
        var made = await host.PostAsync(key, "/v1/secret_keys", JsonSerializer.Serialize(new { name = "Limited", scopes }));
        made.Status.ShouldBe(201, made.Body.GetRawText());
        return made["secret_key"]!;
    }

    private async Task<HttpResponseMessage> ConnectAsync(string key)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("state", "0123456789abcdef"), KeyValuePair.Create("port", "4000"), KeyValuePair.Create("secret_key", key)]);
        return await _browser.PostAsync(new Uri(host.Address, "auth/connect"), form);
    }

    /// <summary>What a route needs by this table; null where no secret key is asked for. A route that the table does not know fails.</summary>
    private static string[]? NeedsOf(string method, string pattern)
    {
        var name = $"{method} {pattern}";
        if (Others.Any(Begins) || (method == "GET" && pattern.StartsWith("/v1/rewrite/", StringComparison.Ordinal))) return null;
        if (Gateway.Any(Begins)) return [Scopes.Gateway];
        if (Exceptions.TryGetValue(name, out var needs)) return needs;
        var area = Places.FirstOrDefault(place => Begins(place.Prefix)).Area;
        area.ShouldNotBeNull($"{name} needs an area of scopes");
        return [area + (method == "GET" ? ":read" : ":write")];

        bool Begins(string prefix) => (prefix.StartsWith('/') ? pattern : name).StartsWith(prefix, StringComparison.Ordinal);
    }

    private IEnumerable<(string Method, string Pattern)> Routes() =>
        from endpoint in host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.IHttpMethodMetadata>()?.HttpMethods ?? []
        where endpoint.RoutePattern.RawText!.StartsWith("/v1", StringComparison.Ordinal)
        select (method, endpoint.RoutePattern.RawText!);
}
