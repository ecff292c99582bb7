using Lava.Service.Gateway.Upstream;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Tests.Gateway;

/// <summary>What of a caller's and of the platform's headers reaches a provider, and what of a provider's the caller.</summary>
public sealed class HeaderTests(OddProviderWorld world) : IClassFixture<OddProviderWorld>
{
    private const string Call = """{"model":"gpt-4o-mini","max_tokens":10,"messages":[]}""";

    private const string Whole = """{"id":"x","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}""";

    // What Azure App Service and its kin add (learn.microsoft.com/azure/app-service), and what would make another call of it.
    [Theory]
    [InlineData("x-waws-unencoded-url")]
    [InlineData("x-original-url")]
    [InlineData("x-ms-client-principal")]
    [InlineData("x-ms-token-aad-access-token")]
    [InlineData("x-functions-key")]
    [InlineData("x-client-ip")]
    [InlineData("x-forwarded-for")]
    [InlineData("x-azure-fdid")]
    [InlineData("true-client-ip")]
    [InlineData("cf-connecting-ip")]
    [InlineData("x-amz-security-token")]
    [InlineData("api-key")]
    [InlineData("cookie")]
    [InlineData("x-http-method-override")]
    [InlineData("x-goog-fieldmask")]
    [InlineData("x-goog-user-project")]
    [InlineData("openai-organization")]
    [InlineData("openai-project")]
    [InlineData("idempotency-key")]
    [InlineData("range")]
    [InlineData("prefer")]
    [InlineData("if-none-match")]
    [InlineData("anthropic-beta")]
    [InlineData("x-lava-anything")]
    [InlineData("x-unheard-of")]
    public async Task What_is_not_known_does_not_reach_a_provider(string name)
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith(Whole);
        (await world.CallAsync(merchant.TestKey, OddProviderWorld.Chat, Call, (name, "a value"))).Status.ShouldBe(200);
        world.Seen.Headers.ShouldNotContainKey(name);
        world.Seen.Headers["authorization"].ShouldBe("Bearer sk-of-the-operator");
    }

    [Theory]
    [InlineData(OddProviderWorld.Chat, "user-agent", "my-agent/1.0")]
    [InlineData(OddProviderWorld.Chat, "x-stainless-lang", "js")]
    [InlineData(OddProviderWorld.Chat, "openai-beta", "responses=v1")]
    [InlineData(OddProviderWorld.Chat, "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("/v1/forward?u=https://api.anthropic.com/v1/messages", "anthropic-beta", "interleaved-thinking-2025-05-14")]
    [InlineData(OddProviderWorld.Gemini, "x-goog-api-client", "genai-js/1.0")]
    public async Task What_clients_send_does(string path, string name, string value)
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith(Whole);
        var body = path.Contains("anthropic", StringComparison.Ordinal) ? """{"model":"claude-sonnet-4-6","max_tokens":10,"messages":[]}""" : Call;
        (await world.CallAsync(merchant.TestKey, path, body, (name, value))).Status.ShouldBe(200);
        world.Seen.Headers[name].ShouldBe(value);
    }

    [Fact]
    public async Task A_credential_in_the_address_reaches_no_provider_and_no_record()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith(Whole);
        var (status, text, id, _) = await world.CallAsync("", OddProviderWorld.Chat + "&k%65y=" + merchant.TestKey, Call, ("x-waws-unencoded-url", "/v1/forward?key=" + merchant.TestKey));
        status.ShouldBe(200, text);
        (world.Seen.Target + string.Join(' ', world.Seen.Headers.Values) + world.Seen.Body).ShouldNotContain(merchant.TestKey);
        (await world.MeteredAsync(merchant.TestKey, id)).GetRawText().ShouldNotContain(merchant.TestKey);
    }

    [Fact]
    public async Task A_provider_tells_the_callers_browser_nothing()
    {
        var merchant = await world.NewMerchantAsync();
        string[] spoofed = ["x-lava-provider", "x-lava-model", "x-lava-request-id", "server-timing", "set-cookie", "refresh", "clear-site-data", "service-worker-allowed", "content-security-policy", "location", "link",
            "nel", "report-to", "www-authenticate", "strict-transport-security", "access-control-allow-origin", "openai-organization", "x-unheard-of"];
        world.Answer = http =>
        {
            foreach (var name in spoofed) http.Response.Headers[name] = "spoofed";
            http.Response.Headers["x-ratelimit-remaining-requests"] = "5";
            http.Response.Headers["x-request-id"] = "req-1";
            http.Response.ContentType = "application/json";
            return http.Response.WriteAsync(Whole);
        };
        var (_, _, _, response) = await world.CallAsync(merchant.TestKey, OddProviderWorld.Chat, Call);
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key.ToLowerInvariant(), header => string.Join(",", header.Value));
        headers.Values.ShouldNotContain(value => value.Contains("spoofed", StringComparison.Ordinal));
        (headers["x-ratelimit-remaining-requests"], headers["x-request-id"], headers["x-content-type-options"]).ShouldBe(("5", "req-1", "nosniff"));
    }

    [Theory]
    [InlineData("text/html", "text/plain; charset=utf-8")]
    [InlineData("text/html; charset=utf-8", "text/plain; charset=utf-8")]
    [InlineData("image/svg+xml", "text/plain; charset=utf-8")]
    [InlineData("application/xhtml+xml", "text/plain; charset=utf-8")]
    [InlineData("text/javascript", "text/plain; charset=utf-8")]
    [InlineData("application/json; charset=utf-8", "application/json; charset=utf-8")]
    [InlineData("application/problem+json", "application/problem+json")]
    [InlineData("audio/mpeg", "audio/mpeg")]
    [InlineData("Text/Event-Stream", "Text/Event-Stream")]
    public void A_providers_page_is_none_here(string type, string shown) => HeaderRules.TypeOf(type).ShouldBe(shown);

    [Theory]
    [InlineData("/v1/nothing")]
    [InlineData("/docs")]
    [InlineData("/v1/models")]
    [InlineData("/v1/wallet")]
    [InlineData("/health/live")]
    public async Task Every_answer_is_what_its_type_says(string path)
    {
        var (_, _, _, response) = await world.CallAsync("", path, null, [], "GET");
        response.Headers.GetValues("x-content-type-options").ShouldBe(["nosniff"]);
        response.Headers.Contains("strict-transport-security").ShouldBeFalse();
    }

    [Fact]
    public async Task An_error_that_takes_the_place_of_an_answer_says_so_too()
    {
        var merchant = await world.NewMerchantAsync();
        world.Answer = http =>
        {
            http.Response.ContentLength = 500;
            http.Abort();
            return Task.CompletedTask;
        };
        var (status, _, _, response) = await world.CallAsync(merchant.TestKey, OddProviderWorld.Chat, Call);
        status.ShouldBe(502);
        response.Headers.GetValues("x-content-type-options").ShouldBe(["nosniff"]);
    }
}
