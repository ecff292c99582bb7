using System.Text.Json;

namespace Lava.Service.Tests.Gateway.Routing;

/// <summary>Google's own addresses by model, in front of a provider that keeps what it was sent. Prices a million tokens: gemini-2.5-pro 1.25 and 10.00, gpt-4o 2.50 and 10.00, gemini-embedding-001 0.15.</summary>
public sealed class GeminiByModelTests(OddProviderWorld world) : IClassFixture<OddProviderWorld>
{
    private const string Ask = """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":100}}""";

    private const string Answer = """{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1000,"candidatesTokenCount":100,"totalTokenCount":1100},"modelVersion":"gemini-2.5-pro"}""";

    [Theory]
    [InlineData("/v1beta/models/gemini-2.5-pro:generateContent", "/v1beta/models/gemini-2.5-pro:generateContent")]
    [InlineData("/v1beta/models/google/gemini-2.5-pro:generateContent", "/v1beta/models/gemini-2.5-pro:generateContent")]
    [InlineData("/v1beta/models/google%2Fgemini-2.5-pro:generateContent", "/v1beta/models/gemini-2.5-pro:generateContent")]
    [InlineData("/v1/v1beta/models/gemini-2.5-pro:generateContent", "/v1beta/models/gemini-2.5-pro:generateContent")]
    [InlineData("/v1beta/models/gemini-2.5-pro:generateContent?fields=candidates", "/v1beta/models/gemini-2.5-pro:generateContent")]
    public async Task A_model_of_Google_is_asked_as_it_was_and_charged_at_its_price(string path, string target)
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith(Answer);
        var (status, text, id, response) = await world.CallAsync(merchant.TestKey, path, Ask);

        (status, text).ShouldBe((200, Answer));
        (world.Seen.Target, world.Seen.Body).ShouldBe((target, Ask));
        response.Headers.GetValues("x-lava-provider").ShouldBe(["google"]);
        OddProviderWorld.CostOf(await world.MeteredAsync(merchant.TestKey, id)).ShouldBe(0.00225m);
    }

    [Theory]
    [InlineData("?alt=sse", "text/event-stream")]
    [InlineData("", "application/json")]
    public async Task A_stream_is_asked_for_as_the_client_does(string query, string type)
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith(query.Length > 0 ? $"data: {Answer}\n\n" : $"[{Answer}]", type);
        var (status, text, id, _) = await world.CallAsync(merchant.TestKey, "/v1beta/models/gemini-2.5-pro:streamGenerateContent" + query, Ask);

        status.ShouldBe(200, text);
        world.Seen.Target.ShouldBe("/v1beta/models/gemini-2.5-pro:streamGenerateContent" + query);
        OddProviderWorld.CostOf(await world.MeteredAsync(merchant.TestKey, id)).ShouldBe(0.00225m);
    }

    [Fact]
    public async Task A_model_of_another_provider_is_translated_both_ways()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith("""{"id":"c","model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100}}""");
        var (status, text, id, _) = await world.CallAsync(merchant.TestKey, "/v1beta/models/gpt-4o:generateContent", Ask);

        status.ShouldBe(200, text);
        world.Seen.Target.ShouldBe("/v1/chat/completions");
        JsonElement.Parse(world.Seen.Body).GetProperty("model").GetString().ShouldBe("gpt-4o");
        var body = JsonElement.Parse(text);
        body.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts")[0].GetProperty("text").GetString().ShouldBe("Hello");
        body.GetProperty("usageMetadata").GetProperty("promptTokenCount").GetInt64().ShouldBe(1000);
        OddProviderWorld.CostOf(await world.MeteredAsync(merchant.TestKey, id)).ShouldBe(0.0035m);
    }

    [Fact]
    public async Task Embeddings_name_the_model_of_the_address_in_every_request()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith("""{"embeddings":[{"values":[0.1]},{"values":[0.2]}]}""");
        const string Body = """{"requests":[{"model":"models/google/gemini-embedding-001","content":{"parts":[{"text":"model"}]}},{"model":"models/gemini-embedding-001","content":{"parts":[{"text":"b"}]}}]}""";
        var (status, text, id, _) = await world.CallAsync(merchant.TestKey, "/v1beta/models/google/gemini-embedding-001:batchEmbedContents", Body);

        status.ShouldBe(200, text);
        world.Seen.Target.ShouldBe("/v1beta/models/gemini-embedding-001:batchEmbedContents");
        world.Seen.Body.ShouldBe(Body.Replace("models/google/", "models/", StringComparison.Ordinal));
        OddProviderWorld.FlagOf(await world.MeteredAsync(merchant.TestKey, id)).ShouldBe("estimated");
    }

    [Fact]
    public async Task Tokens_are_counted_by_Google_for_its_models_and_estimated_for_others_free_of_charge()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith("""{"totalTokens":7}""");
        (await world.CallAsync(merchant.TestKey, "/v1beta/models/gemini-2.5-pro:countTokens", Ask)).Text.ShouldBe("""{"totalTokens":7}""");
        world.Seen.Target.ShouldBe("/v1beta/models/gemini-2.5-pro:countTokens");
        var asked = world.Asked;
        var (status, text, _, _) = await world.CallAsync(merchant.TestKey, "/v1beta/models/gpt-4o:countTokens", Ask);

        status.ShouldBe(200, text);
        JsonElement.Parse(text).GetProperty("totalTokens").GetInt64().ShouldBe((Ask.Length + 3) / 4);
        world.Asked.ShouldBe(asked);
        (await world.BalanceAsync(merchant.TestKey)).ShouldBe(100);
    }

    [Fact]
    public async Task A_key_in_the_address_opens_the_call_and_goes_no_further()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith(Answer);
        var (status, text, id, _) = await world.CallAsync("", "/v1beta/models/gemini-2.5-pro:generateContent?key=" + merchant.TestKey, Ask);

        status.ShouldBe(200, text);
        (world.Seen.Target + string.Join(' ', world.Seen.Headers.Values) + world.Seen.Body).ShouldNotContain(merchant.TestKey);
        world.Seen.Headers["x-goog-api-key"].ShouldBe("sk-of-the-operator");
        (await world.MeteredAsync(merchant.TestKey, id)).GetRawText().ShouldNotContain(merchant.TestKey);
        (await world.CallAsync("", "/v1beta/models/gemini-2.5-pro:generateContent", Ask, ("x-goog-api-key", merchant.TestKey))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("POST", "/v1beta/models/gemini-2.5-pro:generateContent", "", 401, "UNAUTHENTICATED")]
    [InlineData("POST", "/v1beta/models/gemini-2.5-pro:generateContent?key=aks_test_unknown", "", 401, "UNAUTHENTICATED")]
    [InlineData("POST", "/v1beta/models/no-such-model:generateContent", "key", 404, "NOT_FOUND")]
    [InlineData("POST", "/v1beta/models/gpt-4o:embedContent", "key", 404, "NOT_FOUND")]
    [InlineData("POST", "/v1beta/models/gemini-2.5-pro:predict", "key", 400, "INVALID_ARGUMENT")]
    [InlineData("POST", "/v1beta/models/gemini-2.5-pro", "key", 400, "INVALID_ARGUMENT")]
    [InlineData("POST", "/v1beta/nothing", "key", 404, "NOT_FOUND")]
    [InlineData("GET", "/v1beta/models/no-such-model", "key", 404, "NOT_FOUND")]
    [InlineData("GET", "/v1beta/models?pageSize=x", "key", 400, "INVALID_ARGUMENT")]
    [InlineData("DELETE", "/v1beta/models/gemini-2.5-pro", "key", 405, "FAILED_PRECONDITION")]
    public async Task Errors_are_Googles_own(string method, string path, string key, int status, string word)
    {
        var merchant = await world.NewMerchantAsync();
        var (answered, text, _, _) = await world.CallAsync(key.Length > 0 ? merchant.TestKey : "", path, method == "POST" ? new StringContent(Ask) : null, [], method);

        answered.ShouldBe(status, text);
        var error = JsonElement.Parse(text).GetProperty("error");
        (error.GetProperty("code").GetInt32(), error.GetProperty("status").GetString()).ShouldBe((status, word));
        error.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        (await world.BalanceAsync(merchant.TestKey)).ShouldBe(100);
    }

    [Fact]
    public async Task Models_are_listed_in_pages_as_Google_does()
    {
        var merchant = await world.NewMerchantAsync();
        var names = new List<string>();
        for (string? token = null; ;)
        {
            var page = JsonElement.Parse((await world.CallAsync(merchant.TestKey, "/v1beta/models?pageSize=400&pageToken=" + token, null, [], "GET")).Text);
            page.GetProperty("models").GetArrayLength().ShouldBeLessThanOrEqualTo(400);
            names.AddRange(page.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("name").GetString()!));
            if (!page.TryGetProperty("nextPageToken", out var next)) break;
            token = next.GetString();
        }

        names.ShouldBeUnique();
        names.ShouldContain("models/gemini-2.5-pro");
        names.ShouldContain("models/claude-sonnet-4-6");
        names.ShouldContain("models/gemini-embedding-001");
        names.ShouldNotContain("models/whisper-1");
        names.ShouldNotContain("models/text-embedding-3-small");
        JsonElement.Parse((await world.CallAsync("", "/v1beta/models", null, [], "GET")).Text).GetProperty("models").GetArrayLength().ShouldBe(50);
        (await world.CallAsync(merchant.TestKey, "/v1beta/models/BAAI/nothing", null, [], "GET")).Status.ShouldBe(404);
        var one = JsonElement.Parse((await world.CallAsync(merchant.TestKey, "/v1beta/models/anthropic/claude-sonnet-4-6", null, [], "GET")).Text);
        one.GetProperty("name").GetString().ShouldBe("models/claude-sonnet-4-6");
        one.GetProperty("supportedGenerationMethods").EnumerateArray().Select(method => method.GetString()).ShouldContain("streamGenerateContent");
    }
}
