namespace Lava.Service.Tests.Gateway;

/// <summary>Calls on the operator's key that ask for a tier, a speed or a tool of the provider which the catalogue prices, and costs that a provider
/// reports.</summary>
public sealed class AskedTermsTests(OddProviderWorld world) : IClassFixture<OddProviderWorld>
{
    private const string Anthropic = "/v1/forward?u=https://api.anthropic.com/v1/messages";

    private const string Responses = "/v1/forward?u=https://api.openai.com/v1/responses";

    private const string OpenRouter = "/v1/forward?u=https://openrouter.ai/api/v1/chat/completions";

    // gpt-5.4: 2.50 and 15.00 a million tokens; priority twice, flex half (openai.com, Pricing). 1,000 and 1,000 tokens: 0.0175.
    [Theory]
    [InlineData("priority", "priority", 0.035)]
    [InlineData("priority", "default", 0.0175)]
    [InlineData("priority", null, 0.035)]
    [InlineData("flex", "flex", 0.00875)]
    [InlineData("flex", "default", 0.0175)]
    [InlineData("flex", null, 0.0175)]
    [InlineData("auto", null, 0.0175)]
    public async Task The_tier_that_was_served_is_charged_and_the_dearer_one_where_the_answer_names_none(string asked, string? served, double cost)
    {
        var merchant = await world.NewMerchantAsync();
        var tier = served is null ? "" : $"\"service_tier\":\"{served}\",";
        world.AnswerWith($$$"""{"id":"x","model":"gpt-5.4",{{{tier}}}"choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":1000}}""");
        var request = await world.RequestOfAsync(merchant.TestKey, OddProviderWorld.Chat, $$"""{"model":"gpt-5.4","service_tier":"{{asked}}","max_completion_tokens":1000,"messages":[]}""");
        OddProviderWorld.CostOf(request).ShouldBe((decimal)cost);
        OddProviderWorld.FlagOf(request).ShouldBeNull();
    }

    /// <summary>A stream of Responses begins with the tier that was asked for and ends with the one that served.</summary>
    [Fact]
    public async Task The_last_tier_of_a_stream_counts()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith("""
            event: response.created
            data: {"type":"response.created","response":{"id":"resp_1","model":"gpt-5.4","service_tier":"priority"}}

            event: response.completed
            data: {"type":"response.completed","response":{"id":"resp_1","model":"gpt-5.4","service_tier":"default","usage":{"input_tokens":1000,"output_tokens":1000,"total_tokens":2000}}}


            """, "text/event-stream");
        var request = await world.RequestOfAsync(merchant.TestKey, Responses, """{"model":"gpt-5.4","service_tier":"priority","stream":true,"max_output_tokens":1000,"input":"hi"}""");
        OddProviderWorld.CostOf(request).ShouldBe(0.0175m);
    }

    // claude-opus-4-8: 5 and 25, fast twice, in the US 1.1 times; searches 10 a thousand (platform.claude.com, Pricing). 1,000 and 100 tokens: 0.0075.
    [Theory]
    [InlineData("\"speed\":\"fast\"", "\"speed\":\"fast\"", 0.015)]
    [InlineData("\"speed\":\"fast\"", "\"speed\":\"standard\"", 0.0075)]
    [InlineData("\"inference_geo\":\"us\"", "\"inference_geo\":\"us\"", 0.00825)]
    [InlineData("\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\",\"max_uses\":3}]", "\"server_tool_use\":{\"web_search_requests\":3}", 0.0375)]
    public async Task Speed_region_and_searches_of_Claude_are_charged(string asked, string served, double cost)
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith($$$"""{"id":"msg_1","type":"message","model":"claude-opus-4-8","content":[],"usage":{"input_tokens":1000,"output_tokens":100,{{{served}}}}}""");
        var request = await world.RequestOfAsync(merchant.TestKey, Anthropic, $$"""{"model":"claude-opus-4-8","max_tokens":100,{{asked}},"messages":[{"role":"user","content":"hi"}]}""");
        OddProviderWorld.CostOf(request).ShouldBe((decimal)cost);
        OddProviderWorld.FlagOf(request).ShouldBeNull();
    }

    /// <summary>The findings of searches are in the prompt's count, which is far more than the body holds.</summary>
    [Fact]
    public async Task What_searches_have_found_is_charged_though_the_body_does_not_hold_it()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith("""{"id":"resp_1","model":"gpt-5.4","output":[{"type":"web_search_call"},{"type":"web_search_call"}],"usage":{"input_tokens":50000,"output_tokens":100}}""");
        var request = await world.RequestOfAsync(merchant.TestKey, Responses, """{"model":"gpt-5.4","max_output_tokens":100,"tools":[{"type":"web_search"}],"input":"hi"}""");

        // 50,000 at 2.50, 100 at 15.00 a million; two searches at 10 a thousand.
        OddProviderWorld.CostOf(request).ShouldBe(0.1465m);
        OddProviderWorld.FlagOf(request).ShouldBeNull();
    }

    /// <summary>developers.openai.com/api/docs/pricing: <c>web_search_preview</c> costs 10 for 1,000 calls on models that reason and 25 on others, where what was
    /// found is not counted; <c>web_search</c> costs 10 on all. The first two are measured calls of November 2025 with the sums that their author was billed
    /// (community.openai.com/t/1347529): 347 and 540 tokens at 0.40 and 1.60 a million; 4,654, 8,448 cached and 1,060 at 0.25, 0.025 and 2.00.</summary>
    [Theory]
    [InlineData("gpt-4.1-mini", "web_search_preview", 347, 0, 540, 0.0260028)]
    [InlineData("gpt-5-mini", "web_search_preview_2025_03_11", 13_102, 8_448, 1_060, 0.0134947)]
    [InlineData("gpt-4.1-mini", "web_search", 347, 0, 540, 0.0110028)]
    [InlineData("gpt-4.1-mini", "web_search\"},{\"type\":\"web_search_preview", 347, 0, 540, 0.0260028)]
    public async Task The_older_search_of_the_web_costs_what_its_model_says(string model, string tool, long input, long cached, long output, double cost)
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith($$$"""
            {"id":"resp_1","model":"{{{model}}}","output":[{"type":"web_search_call","action":{"type":"search"} }],
            "usage":{"input_tokens":{{{input}}},"input_tokens_details":{"cached_tokens":{{{cached}}} },"output_tokens":{{{output}}} } }
            """);
        var request = await world.RequestOfAsync(
            merchant.TestKey, Responses, $$"""{"model":"{{model}}","max_output_tokens":2000,"max_tool_calls":1,"tools":[{"type":"{{tool}}"}],"input":"hi"}""");
        OddProviderWorld.CostOf(request).ShouldBe((decimal)cost);
        OddProviderWorld.FlagOf(request).ShouldBeNull();
        request.GetProperty("usage_details").GetProperty("web_searches").GetInt64().ShouldBe(1);
        request.GetProperty("cost_lines").EnumerateArray().Last().GetProperty("item").GetString()
            .ShouldBe(tool.Contains("preview", StringComparison.Ordinal) ? "web_search_preview" : "web_search");
    }

    /// <summary>A wallet of a cent holds no ten searches, which a request that does not limit them may make.</summary>
    [Fact]
    public async Task A_wallet_that_cannot_pay_the_searches_does_not_begin_them()
    {
        var merchant = await world.NewMerchantAsync(funds: 0.05m);
        var asked = world.Asked;
        const string Call = """{"model":"claude-haiku-4-5","max_tokens":10,"messages":[{"role":"user","content":"hi"}],"tools":[{"type":"web_search_20250305","name":"web_search"}]}""";
        (await world.CallAsync(merchant.TestKey, Anthropic, Call)).Status.ShouldBe(402);
        world.Asked.ShouldBe(asked);
    }

    // openrouter.ai/docs, Usage accounting: cost is what the account was charged; with a key of one's own there it is the fee alone.
    [Theory]
    [InlineData("\"cost\":0.000123", 0.000123)]
    [InlineData("\"cost\":0", 0)]
    [InlineData("\"cost\":0.00001,\"is_byok\":true,\"cost_details\":{\"upstream_inference_cost\":0.0002}", 0.00021)]
    [InlineData("\"cost\":null", 0.00021)]
    [InlineData("\"cost\":-1", 0.00021)]
    [InlineData("\"cost\":\"free\"", 0.00021)]
    public async Task What_OpenRouter_says_that_a_call_cost_is_charged(string reported, double cost)
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith($$$"""{"id":"gen-1","model":"openai/gpt-4o-mini","choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,{{{reported}}}}}""");
        var request = await world.RequestOfAsync(merchant.TestKey, OpenRouter, """{"model":"openai/gpt-4o-mini","max_tokens":1000,"messages":[]}""");
        OddProviderWorld.CostOf(request).ShouldBe((decimal)cost);
        OddProviderWorld.FlagOf(request).ShouldBeNull();
        (await world.BalanceAsync(merchant.TestKey)).ShouldBe(100 - (decimal)cost);
    }

    [Fact]
    public async Task A_reported_cost_beyond_what_the_call_can_cost_waits_for_the_operator()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith("""{"id":"gen-1","model":"openai/gpt-4o-mini","choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":100,"cost":42.5}}""");
        var request = await world.RequestOfAsync(merchant.TestKey, OpenRouter, """{"model":"openai/gpt-4o-mini","max_tokens":1000,"messages":[]}""");
        OddProviderWorld.FlagOf(request).ShouldBe("impossible");
        OddProviderWorld.CostOf(request).ShouldBeLessThan(0.001m);
    }

    /// <summary>Another host of the format may write what it likes into a member of that name.</summary>
    [Fact]
    public async Task Another_providers_cost_is_not_looked_at()
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith("""{"id":"x","model":"gpt-4o-mini","choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":100,"cost":0}}""");
        OddProviderWorld.CostOf(await world.RequestOfAsync(merchant.TestKey, OddProviderWorld.Chat, """{"model":"gpt-4o-mini","max_tokens":1000,"messages":[]}""")).ShouldBe(0.00021m);
    }
}
