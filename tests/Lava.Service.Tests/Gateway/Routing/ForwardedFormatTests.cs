using System.Text;
using System.Text.Json;

namespace Lava.Service.Tests.Gateway.Routing;

/// <summary>Endpoints of providers beside their main ones, by <c>/v1/forward</c>: Anthropic's format at DeepSeek and Moonshot, Gemini and Claude at Vertex AI. Prices a million tokens: deepseek-chat 0.15,
/// 0.003 cached and 0.60 outside its busy hours, kimi-k2.5 0.60, 0.10 and 3.00, gemini-2.5-pro 1.25 and 10.00.</summary>
public sealed class ForwardedFormatTests(OddProviderWorld world, SandboxedWorld sandboxed) : IClassFixture<OddProviderWorld>, IClassFixture<SandboxedWorld>
{
    private const string Vertex = "/v1/forward?u=https://europe-west4-aiplatform.googleapis.com/v1/projects/shop-1/locations/europe-west4/publishers/google/models/gemini-2.5-pro:";

    private const string Claude = "/v1/forward?u=https://us-east5-aiplatform.googleapis.com/v1/projects/shop-1/locations/us-east5/publishers/anthropic/models/";

    private const string Say = """{"anthropic_version":"vertex-2023-10-16","max_tokens":50,"stream":false,"messages":[{"role":"user","content":"Hi"}]}""";

    private const string Ask = """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}""";

    [Theory]
    [InlineData("api.deepseek.com", "deepseek-chat", 0.0002115)]
    [InlineData("api.moonshot.ai", "kimi-k2.5", 0.00095)]
    public async Task Messages_in_Anthropics_format_pass_as_they_are_and_are_charged(string host, string model, double cost)
    {
        var merchant = await world.NewMerchantAsync();
        var body = $$"""{"model":"{{model}}","max_tokens":200,"messages":[{"role":"user","content":"Hi"}]}""";
        var answer = $$"""{"id":"m","type":"message","role":"assistant","model":"{{model}}","content":[],"stop_reason":"end_turn","usage":{"input_tokens":1000,"cache_read_input_tokens":500,"output_tokens":100} }""";
        world.AnswerWith(answer);
        var padded = body.Replace("Hi", new string('x', 2_000), StringComparison.Ordinal);
        var (status, text, id, _) = await world.CallAsync(merchant.TestKey, $"/v1/forward?u=https://{host}/anthropic/v1/messages", padded, ("anthropic-version", "2023-06-01"));

        (status, text).ShouldBe((200, answer));
        (world.Seen.Target, world.Seen.Body, world.Seen.Headers["authorization"]).ShouldBe(("/anthropic/v1/messages", padded, "Bearer sk-of-the-operator"));
        world.Seen.Headers["anthropic-version"].ShouldBe("2023-06-01");
        OddProviderWorld.CostOf(await world.MeteredAsync(merchant.TestKey, id)).ShouldBe((decimal)cost);
    }

    [Fact]
    public async Task A_Claude_model_that_DeepSeek_would_replace_by_one_of_its_own_is_refused()
    {
        var merchant = await world.NewMerchantAsync();
        var (status, text, _, _) = await world.CallAsync(
            merchant.TestKey, "/v1/forward?u=https://api.deepseek.com/anthropic/v1/messages", """{"model":"claude-opus-4-8","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}""");

        status.ShouldBe(400, text);
        text.ShouldContain("forward_model_not_supported");
    }

    [Fact]
    public async Task By_model_Anthropics_clients_are_still_translated_for_them()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith("""{"id":"c","model":"deepseek-chat","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":1,"total_tokens":11}}""");
        var (status, text, _, _) = await world.CallAsync(merchant.TestKey, "/v1/messages", """{"model":"deepseek-chat","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}""");

        status.ShouldBe(200, text);
        world.Seen.Target.ShouldBe("/v1/chat/completions");
        JsonElement.Parse(text).GetProperty("type").GetString().ShouldBe("message");
    }

    [Fact]
    public async Task Vertex_is_called_with_ones_own_token_and_metered_at_Googles_price()
    {
        var merchant = await world.NewMerchantAsync();
        var own = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"secret_key":"{{merchant.TestKey}}","provider_key":"ya29.own"}"""));
        world.AnswerWith("""{"candidates":[],"usageMetadata":{"promptTokenCount":1000,"candidatesTokenCount":100,"totalTokenCount":1100,"trafficType":"ON_DEMAND"}}""");
        var (status, text, id, _) = await world.CallAsync(own, Vertex + "generateContent", Ask);

        status.ShouldBe(200, text);
        world.Seen.Target.ShouldBe("/v1/projects/shop-1/locations/europe-west4/publishers/google/models/gemini-2.5-pro:generateContent");
        world.Seen.Headers["authorization"].ShouldBe("Bearer ya29.own");
        var request = await world.MeteredAsync(merchant.TestKey, id);
        (request.GetProperty("provider").GetString(), request.GetProperty("model").GetString()).ShouldBe(("vertex", "gemini-2.5-pro"));
        OddProviderWorld.CostOf(request).ShouldBe(0.00225m);
        (await world.BalanceAsync(merchant.TestKey)).ShouldBe(100, "the token's owner pays");
    }

    /// <summary>Claude at Vertex AI has Anthropic's list prices at the global endpoint, and costs a tenth more at regional and multi-region ones from Sonnet 4.5
    /// on (platform.claude.com, Claude on Vertex AI; cloud.google.com/vertex-ai/generative-ai/pricing). By hand: Sonnet 4.6 at 3 and 15 a million: 1,000 and
    /// 100 tokens cost 0.0045, with 500 more from the cache at 0.30 another 0.00015, with 100 written to it at 3.75 another 0.000375.</summary>
    [Theory]
    [InlineData("aiplatform.googleapis.com", "global", "claude-sonnet-4-6", 0.005025)]
    [InlineData("us-east5-aiplatform.googleapis.com", "us-east5", "claude-sonnet-4-6", 0.0055275)]
    [InlineData("aiplatform.eu.rep.googleapis.com", "eu", "claude-sonnet-4-6@default", 0.0055275)]
    [InlineData("us-east5-aiplatform.googleapis.com", "us-east5", "claude-sonnet-4@20250514", 0.005025)]
    [InlineData("europe-west1-aiplatform.googleapis.com", "europe-west1", "claude-sonnet-4-5@20250929", 0.0055275)]
    public async Task Claude_at_Vertex_is_charged_by_where_it_is_computed(string host, string location, string model, double cost)
    {
        var merchant = await world.NewMerchantAsync();
        var own = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"secret_key":"{{merchant.TestKey}}","provider_key":"ya29.own"}"""));
        var body = $$"""{"anthropic_version":"vertex-2023-10-16","max_tokens":200,"messages":[{"role":"user","content":"{{new string('x', 2_000)}}"}]}""";
        const string Usage = """{"input_tokens":1000,"cache_read_input_tokens":500,"cache_creation_input_tokens":100,"output_tokens":100,"inference_geo":"not_available"}""";
        foreach (var verb in new[] { "rawPredict", "streamRawPredict" })
        {
            var answer = verb == "rawPredict"
                ? $$$"""{"id":"msg_vrtx_1","type":"message","role":"assistant","model":"claude","content":[],"stop_reason":"end_turn","usage":{{{Usage}}} }"""
                : $$$"""
                event: message_start
                data: {"type":"message_start","message":{"id":"msg_vrtx_1","type":"message","role":"assistant","model":"claude","content":[],"usage":{{{Usage}}} } }

                event: message_delta
                data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":100}}

                event: message_stop
                data: {"type":"message_stop"}


                """;
            world.AnswerWith(answer, verb == "rawPredict" ? "application/json" : "text/event-stream");
            var path = $"/v1/projects/shop-1/locations/{location}/publishers/anthropic/models/{model}:{verb}";
            var (status, text, id, _) = await world.CallAsync(own, $"/v1/forward?u=https://{host}{path}", body, ("anthropic-beta", "context-1m-2025-08-07"));

            (status, text).ShouldBe((200, answer));
            (world.Seen.Target, world.Seen.Body).ShouldBe((path, body));
            (world.Seen.Headers["authorization"], world.Seen.Headers["anthropic-beta"]).ShouldBe(("Bearer ya29.own", "context-1m-2025-08-07"));
            var request = await world.MeteredAsync(merchant.TestKey, id);
            (request.GetProperty("provider").GetString(), OddProviderWorld.FlagOf(request)).ShouldBe(("vertex", null));
            OddProviderWorld.CostOf(request).ShouldBe((decimal)cost);
        }

        (await world.BalanceAsync(merchant.TestKey)).ShouldBe(100, "the token's owner pays");
    }

    [Fact]
    public async Task Counting_the_tokens_of_Claude_at_Vertex_is_free()
    {
        var merchant = await world.NewMerchantAsync();
        var own = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"secret_key":"{{merchant.TestKey}}","provider_key":"ya29.own"}"""));
        world.AnswerWith("""{"input_tokens":14}""");
        const string Path = "/v1/projects/shop-1/locations/us-east5/publishers/anthropic/models/count-tokens:rawPredict";
        var (status, text, id, _) = await world.CallAsync(
            own, $"/v1/forward?u=https://us-east5-aiplatform.googleapis.com{Path}", """{"model":"claude-sonnet-4-6","messages":[{"role":"user","content":"Hi"}]}""");

        (status, text, world.Seen.Target).ShouldBe((200, """{"input_tokens":14}""", Path));
        OddProviderWorld.CostOf(await world.MeteredAsync(merchant.TestKey, id)).ShouldBe(0);
    }

    [Theory]
    [InlineData("anthropic/models/gemini-2.5-pro:rawPredict", "is served for models named claude-")]
    [InlineData("google/models/claude-sonnet-4-6:generateContent", "is served for models named gem")]
    [InlineData("anthropic/models/claude-9:rawPredict", "forward_model_not_supported")]
    [InlineData("mistralai/models/mistral-large:rawPredict", "forward_endpoint_not_supported")]
    public async Task What_Vertex_does_not_serve_there_is_refused(string model, string word)
    {
        var merchant = await world.NewMerchantAsync();
        var address = "/v1/forward?u=https://aiplatform.googleapis.com/v1/projects/shop-1/locations/global/publishers/" + model;
        var (status, text, _, _) = await world.CallAsync(merchant.TestKey, address, """{"anthropic_version":"vertex-2023-10-16","max_tokens":9,"messages":[]}""");
        status.ShouldBe(400, text);
        text.ShouldContain(word);
    }

    [Theory]
    [InlineData("predict")]
    [InlineData("generateContent/x")]
    public async Task Other_methods_of_Vertex_are_not_in_the_catalogue(string method)
    {
        var merchant = await world.NewMerchantAsync();
        (await world.CallAsync(merchant.TestKey, Vertex + method, Ask)).Text.ShouldContain("forward_endpoint_not_supported");
    }

    [Fact]
    public async Task A_project_cannot_be_guessed_so_no_model_is_found_at_Vertex_by_its_name()
    {
        var merchant = await world.NewMerchantAsync();
        var (status, text, _, _) = await world.CallAsync(merchant.TestKey, "/v1/chat/completions", """{"model":"vertex/gemini-2.5-pro","messages":[{"role":"user","content":"Hi"}]}""");
        (status, text.Contains("model_not_found", StringComparison.Ordinal)).ShouldBe((404, true), text);
        (status, text, _, _) = await world.CallAsync(merchant.TestKey, "/v1/chat/completions", """{"model":"gpt-4o","messages":[]}""", ("x-lava-fallbacks", """["vertex/gemini-2.5-pro"]"""));
        (status, text.Contains("no chat endpoint", StringComparison.Ordinal)).ShouldBe((400, true), text);

        // Nor is such a name proposed to who asks for a similar one.
        (status, text, _, _) = await world.CallAsync(merchant.TestKey, "/v1/chat/completions", """{"model":"claude-opus-4-5@2025110","messages":[]}""");
        (status, text.Contains("@20251101", StringComparison.Ordinal)).ShouldBe((404, false), text);
    }

    /// <summary>Claude Sonnet 4.6 in a region of Bedrock: 3.30 and 16.50 a million tokens (aws.amazon.com/bedrock/pricing).</summary>
    [Theory]
    [InlineData("invoke", "application/json")]
    [InlineData("invoke-with-response-stream", "application/vnd.amazon.eventstream")]
    public async Task Claude_is_invoked_at_Bedrock_in_its_own_format(string verb, string type)
    {
        var merchant = await sandboxed.World.NewMerchantAsync();
        var path = $"/v1/forward?u=https://bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.claude-sonnet-4-6/{verb}";
        const string Body = """{"anthropic_version":"bedrock-2023-05-31","max_tokens":100,"messages":[{"role":"user","content":"Hi [sandbox: input_tokens=1000; output_tokens=20]"}]}""";
        var (status, text, id, response) = await sandboxed.World.CallAsync(merchant.TestKey, path, Body);

        (status, response.Content.Headers.ContentType!.MediaType).ShouldBe((200, type), text);
        var request = await sandboxed.World.MeteredAsync(merchant.TestKey, id);
        (request.GetProperty("provider").GetString(), request.GetProperty("model").GetString()).ShouldBe(("bedrock", "anthropic.claude-sonnet-4-6"));
        OddProviderWorld.CostOf(request).ShouldBe(0.00363m);
        if (verb == "invoke") return;

        // The events are those of Anthropic, in base64.
        var start = text.IndexOf("{\"bytes\":\"", StringComparison.Ordinal) + 10;
        var first = Encoding.UTF8.GetString(Convert.FromBase64String(text[start..text.IndexOf('"', start)]));
        JsonElement.Parse(first).GetProperty("type").GetString().ShouldBe("message_start");
    }

    [Theory]
    [InlineData("amazon.nova-lite-v1:0", """{"messages":[]}""", 400, "forward_endpoint_not_supported")]
    [InlineData("anthropic.claude-sonnet-4-6", """{"max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}""", 400, "anthropic_version: Field required")]
    [InlineData("anthropic.claude-sonnet-4-6", """{"anthropic_version":"bedrock-2023-05-31","model":"m","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}""", 400, "model: Extra inputs")]
    public async Task What_cannot_be_invoked_is_refused_and_costs_nothing(string model, string body, int status, string word)
    {
        var merchant = await sandboxed.World.NewMerchantAsync();
        var (answered, text, _, _) = await sandboxed.World.CallAsync(merchant.TestKey, $"/v1/forward?u=https://bedrock-runtime.us-east-1.amazonaws.com/model/{Uri.EscapeDataString(model)}/invoke", body);

        answered.ShouldBe(status, text);
        text.ShouldContain(word);
        (await sandboxed.World.BalanceAsync(merchant.TestKey)).ShouldBe(100);
    }

    [Theory]
    [InlineData("openai/bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.claude-sonnet-4-6/invoke")]
    [InlineData("anthropic/aiplatform.googleapis.com/v1/projects/shop-1/locations/global/publishers/anthropic/models/claude-sonnet-4-6:rawPredict")]
    public async Task An_invocation_is_not_rewritten(string address)
    {
        var merchant = await sandboxed.World.NewMerchantAsync();
        var (status, text, _, _) = await sandboxed.World.CallAsync(
            merchant.TestKey, "/v1/rewrite/" + address, """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}""");

        status.ShouldBe(400, text);
        text.ShouldContain("/v1/forward only");
    }

    /// <summary>platform.claude.com, What's new in Claude Opus 4.7: <c>thinking.display</c> is <c>omitted</c> by default from there on; the block is there, with an
    /// empty text and a signature. By chat completions, which have no such member, the thoughts are read.</summary>
    [Theory]
    [InlineData("claude-opus-4-7", "", true)]
    [InlineData("claude-sonnet-5-5", "", true)]
    [InlineData("claude-opus-4-7", ",\"display\":\"summarized\"", false)]
    [InlineData("claude-opus-4-6", "", false)]
    [InlineData("claude-opus-4-6", ",\"display\":\"omitted\"", true)]
    public async Task Claudes_thoughts_are_shown_as_the_model_does_by_default(string model, string display, bool areHidden)
    {
        var merchant = await sandboxed.World.NewMerchantAsync();
        var body = $$"""{"model":"{{model}}","max_tokens":500,"thinking":{"type":"adaptive"{{display}}},"messages":[{"role":"user","content":"Hi"}]}""";
        var (status, text, _, _) = await sandboxed.World.CallAsync(merchant.TestKey, "/v1/messages", body);
        status.ShouldBe(200, text);
        var block = JsonElement.Parse(text).GetProperty("content")[0];
        (block.GetProperty("type").GetString(), block.GetProperty("thinking").GetString()!.Length == 0).ShouldBe(("thinking", areHidden), text);
        block.GetProperty("signature").GetString().ShouldNotBeNullOrEmpty();

        // The block goes back as it came.
        var again = body.Replace("""{"role":"user","content":"Hi"}""", $$"""{"role":"user","content":"Hi"},{"role":"assistant","content":[{{block}},{"type":"text","text":"Hi"}]},{"role":"user","content":"And?"}""", StringComparison.Ordinal);
        (status, text, _, _) = await sandboxed.World.CallAsync(merchant.TestKey, "/v1/messages", again);
        status.ShouldBe(200, text);

        (_, text, _, _) = await sandboxed.World.CallAsync(merchant.TestKey, "/v1/messages", body.Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal));
        text.Contains("thinking_delta", StringComparison.Ordinal).ShouldBe(!areHidden, text);
        text.ShouldContain("signature_delta");

        (_, text, _, _) = await sandboxed.World.CallAsync(
            merchant.TestKey, "/v1/chat/completions", $$"""{"model":"{{model}}","max_tokens":500,"reasoning_effort":"high","messages":[{"role":"user","content":"Hi"}]}""");
        JsonElement.Parse(text).GetProperty("choices")[0].GetProperty("message").GetProperty("reasoning_content").GetString().ShouldNotBeNullOrEmpty(text);
    }

    /// <summary>The body is Anthropic's, but for the version and the model (platform.claude.com, Claude on Vertex AI).</summary>
    [Theory]
    [InlineData("""{"max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}""", "anthropic_version: Field required")]
    [InlineData("""{"anthropic_version":"vertex-2023-10-16","model":"m","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}""", "model: Extra inputs")]
    [InlineData("""{"anthropic_version":"vertex-2023-10-16","messages":[{"role":"user","content":"Hi"}]}""", "max_tokens: Field required")]
    public async Task The_sandbox_refuses_what_Claude_at_Vertex_refuses(string body, string word)
    {
        var merchant = await sandboxed.World.NewMerchantAsync();
        var (status, text, _, _) = await sandboxed.World.CallAsync(merchant.TestKey, Claude + "claude-sonnet-4-6:rawPredict", body);
        (status, text.Contains(word, StringComparison.Ordinal)).ShouldBe((400, true), text);
    }

    [Theory]
    [InlineData(Claude + "claude-sonnet-4-6:rawPredict", Say, "application/json")]
    [InlineData(Claude + "claude-sonnet-4-6:streamRawPredict", Say, "text/event-stream")]
    [InlineData(Claude + "count-tokens:rawPredict", """{"model":"claude-sonnet-4-6","messages":[{"role":"user","content":"Hi"}]}""", "application/json")]
    [InlineData(Vertex + "generateContent", Ask, "application/json")]
    [InlineData(Vertex + "streamGenerateContent?alt=sse", Ask, "text/event-stream")]
    [InlineData(Vertex + "countTokens", Ask, "application/json")]
    [InlineData(
        "/v1/forward?u=https://api.moonshot.ai/anthropic/v1/messages",
        """{"model":"kimi-k2.5","max_tokens":50,"thinking":{"type":"enabled","budget_tokens":2000},"messages":[{"role":"user","content":"Hi"}]}""",
        "application/json")]
    [InlineData(
        "/v1/rewrite/openai/europe-west4-aiplatform.googleapis.com/v1/projects/shop-1/locations/europe-west4/publishers/google/models/gemini-2.5-pro:generateContent",
        """{"model":"gemini-2.5-pro","messages":[{"role":"user","content":"Hi"}]}""",
        "application/json")]
    public async Task The_sandbox_answers_for_them(string path, string body, string type)
    {
        var merchant = await sandboxed.World.NewMerchantAsync();
        var (status, text, _, response) = await sandboxed.World.CallAsync(merchant.TestKey, path, body);

        status.ShouldBe(200, text);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(type);
    }
}
