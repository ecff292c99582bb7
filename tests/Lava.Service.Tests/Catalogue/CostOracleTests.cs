using System.Globalization;
using System.Text;
using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Core.Pricing;
using Lava.Core.Tests.Formats;
using Lava.Service.Catalogue;

namespace Lava.Service.Tests.Catalogue;

/// <summary>What an answer costs by its provider's own documents: the usage as the documents show it, the price from the provider's list, the sum by hand.
/// Each answer is read whole and as a stream, by the shipped catalogue.</summary>
public sealed class CostOracleTests
{
    private const string Saturday = "2026-11-28T02:00:00Z";
    private const string Monday = "2026-11-30T02:00:00Z";

    private static readonly ProviderCatalogue Catalogue = CatalogueLoader.Load(null);

    /// <summary>platform.claude.com/docs/en/about-claude/pricing; build-with-claude: fast-mode, compaction-threshold, data-residency, prompt-caching,
    /// batch-processing; tool use: web-search-tool.</summary>
    [Theory]
    [InlineData("claude-sonnet-5", """{"input_tokens":100000,"output_tokens":10000}""", "0.30")] // 0.1 x 2 + 0.01 x 10
    [InlineData("claude-opus-4-8", """{"input_tokens":100000,"output_tokens":10000,"speed":"fast"}""", "1.50")] // 10 and 50
    [InlineData("claude-opus-4-8", """{"input_tokens":100000,"output_tokens":10000,"speed":"standard"}""", "0.75")] // 5 and 25
    [InlineData("claude-opus-4-6", """{"input_tokens":100000,"output_tokens":10000,"speed":"fast"}""", "4.50")] // 30 and 150
    [InlineData("claude-opus-5-5", """{"input_tokens":100000,"output_tokens":10000,"speed":"fast"}""", "1.20")] // 8 and 40
    [InlineData("claude-opus-4-6", """{"input_tokens":100000,"output_tokens":10000,"inference_geo":"us"}""", "0.825")] // (0.5 + 0.25) x 1.1
    [InlineData("claude-opus-4-6", """{"input_tokens":100000,"output_tokens":10000,"inference_geo":"global"}""", "0.75")]
    [InlineData("claude-opus-4-5", """{"input_tokens":100000,"output_tokens":10000,"inference_geo":"not_available"}""", "0.75")]
    [InlineData("claude-opus-4-8", """{"input_tokens":100000,"output_tokens":10000,"speed":"fast","inference_geo":"us"}""", "1.65")] // 1.5 x 1.1
    // 203,000 x 5 + 4,500 x 25
    [InlineData(
        "claude-opus-4-6",
        """{"input_tokens":23000,"output_tokens":1000,"iterations":[{"type":"compaction","input_tokens":180000,"output_tokens":3500},"""
        + """{"type":"message","input_tokens":23000,"output_tokens":1000}]}""",
        "1.1275")]
    // a loop of tools, which the sums hold already
    [InlineData(
        "claude-opus-4-6",
        """{"input_tokens":33000,"output_tokens":900,"iterations":[{"type":"message","input_tokens":15000,"output_tokens":400},"""
        + """{"type":"message","input_tokens":18000,"output_tokens":500}]}""",
        "0.1875")]
    // 0.03 + 0.015 + 3 x 0.01
    [InlineData("claude-sonnet-4-6", """{"input_tokens":10000,"output_tokens":1000,"server_tool_use":{"web_search_requests":3}}""", "0.075")]
    // fetching is free
    [InlineData(
        "claude-sonnet-4-6",
        """{"input_tokens":10000,"output_tokens":1000,"server_tool_use":{"web_search_requests":0,"web_fetch_requests":4}}""",
        "0.045")]
    // 0.003 + 0.0375 + 0.015 + 0.0075
    [InlineData(
        "claude-sonnet-4-5",
        """{"input_tokens":1000,"cache_creation_input_tokens":10000,"cache_read_input_tokens":50000,"output_tokens":500}""",
        "0.063")]
    // 0.003 + 0.06 + 0.0075
    [InlineData(
        "claude-sonnet-4-5",
        """{"input_tokens":1000,"cache_creation_input_tokens":10000,"cache_creation":{"ephemeral_5m_input_tokens":0,"""
        + """ "ephemeral_1h_input_tokens":10000},"output_tokens":500}""",
        "0.0705")]
    // 0.003 + 0.0225 + 0.024 + 0.0075
    [InlineData(
        "claude-sonnet-4-5",
        """{"input_tokens":1000,"cache_creation_input_tokens":10000,"cache_creation":{"ephemeral_5m_input_tokens":6000,"""
        + """ "ephemeral_1h_input_tokens":4000},"output_tokens":500}""",
        "0.057")]
    [InlineData("claude-sonnet-4-5", """{"input_tokens":250000,"output_tokens":1000}""", "1.5225")] // above 200,000: 6 and 22.50
    [InlineData("claude-haiku-5-5", """{"input_tokens":100000,"output_tokens":1000}""", "0.0105")] // up to 100,000: 0.10 and 0.50
    [InlineData("claude-haiku-5-5", """{"input_tokens":1,"cache_read_input_tokens":100000,"output_tokens":1000}""", "0.0075005")] // above: 0.50, 0.05, 2.50
    // 0.025 + 0.06 + 0.0025
    [InlineData(
        "claude-haiku-5-5",
        """{"input_tokens":50000,"cache_creation_input_tokens":60000,"cache_creation":{"ephemeral_1h_input_tokens":60000},"output_tokens":1000}""",
        "0.0875")]
    [InlineData("claude-opus-5-5", """{"input_tokens":50000,"cache_read_input_tokens":50000,"output_tokens":10000}""", "0.41")] // 0.2 + 0.01 + 0.2
    [InlineData("claude-sonnet-5-5", """{"input_tokens":0,"cache_read_input_tokens":100000,"output_tokens":1000}""", "0.02")] // 0.01 + 0.01
    [InlineData("claude-fable-5-2", """{"input_tokens":100000,"output_tokens":10000}""", "1.20")] // 8 and 40
    [InlineData("claude-fable-5-1", """{"input_tokens":0,"cache_read_input_tokens":100000,"output_tokens":1000}""", "0.075")] // 0.025 + 0.05
    [InlineData("claude-sonnet-4-5", """{"input_tokens":100000,"output_tokens":10000,"service_tier":"batch"}""", "0.225")] // half of 0.45
    // thinking is output
    [InlineData(
        "claude-opus-4-5",
        """{"input_tokens":1000,"output_tokens":2000,"output_tokens_details":{"thinking_tokens":1500},"service_tier":"standard"}""",
        "0.055")]
    public void Messages(string model, string usage, string cost)
    {
        var whole = $$"""{"id":"msg_1","type":"message","model":"{{model}}","content":[],"usage":{{usage}} }""";
        var first = $$"""{"type":"message_start","message":{"id":"msg_1","model":"{{model}}","usage":{"input_tokens":0,"output_tokens":1} } }""";
        var events = $"event: message_start\ndata: {first}\n\n"
            + $"event: message_delta\ndata: {{\"type\":\"message_delta\",\"delta\":{{}},\"usage\":{usage}}}\n\n"
            + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
        Both("anthropic", model, WireFormat.Anthropic, whole, events, cost, Saturday);
    }

    /// <summary>developers.openai.com/api/docs: pricing; guides flex-processing, fast-mode, ultrafast-mode; the pages of the models.
    /// openai.com/api-priority-processing for the older tiers.</summary>
    [Theory]
    [InlineData("openai", "gpt-5.4", """{"prompt_tokens":100000,"completion_tokens":10000}""", "priority", "0.80")] // 5 and 30
    [InlineData("openai", "gpt-5.4", """{"prompt_tokens":100000,"completion_tokens":10000}""", "flex", "0.20")] // 1.25 and 7.50
    [InlineData("openai", "gpt-5.4", """{"prompt_tokens":100000,"completion_tokens":10000}""", "default", "0.40")] // 2.50 and 15
    [InlineData("openai", "gpt-5.4", """{"prompt_tokens":300000,"completion_tokens":10000}""", "default", "1.725")] // above 272,000: 5 and 22.50
    [InlineData("openai", "gpt-5.4", """{"prompt_tokens":300000,"completion_tokens":10000}""", "flex", "0.8625")] // half
    [InlineData("openai", "gpt-5.4", """{"prompt_tokens":272000,"completion_tokens":10000}""", "default", "0.83")] // not above it
    // 0.05 + 0.02 + 0.015
    [InlineData(
        "openai",
        "gpt-5.4",
        """{"prompt_tokens":100000,"completion_tokens":1000,"prompt_tokens_details":{"cached_tokens":80000}}""",
        "default",
        "0.085")]
    // cached at 0.50
    [InlineData(
        "openai",
        "gpt-5.4",
        """{"prompt_tokens":100000,"completion_tokens":1000,"prompt_tokens_details":{"cached_tokens":80000}}""",
        "priority",
        "0.17")]
    [InlineData("openai", "gpt-5.5", """{"prompt_tokens":100000,"completion_tokens":10000}""", "priority", "2.00")] // 12.50 and 75
    [InlineData("openai", "gpt-5.6-luna", """{"prompt_tokens":300000,"completion_tokens":10000}""", "priority", "0.276")] // long and fast: 0.80 and 3.60
    [InlineData("openai", "gpt-6-astra", """{"prompt_tokens":300000,"completion_tokens":1000}""", "fast", "12.15")] // (20 x 0.3 + 75 x 0.001) x 2
    [InlineData("openai", "gpt-6-astra", """{"prompt_tokens":100000,"completion_tokens":1000}""", "ultrafast", "6.30")] // 60 and 300
    // 0.06 + 0.005 + 0.05 + 0.01
    [InlineData(
        "openai",
        "gpt-6.1-sol",
        """{"prompt_tokens":100000,"completion_tokens":1000,"prompt_tokens_details":{"cached_tokens":50000,"cache_write_tokens":20000}}""",
        "default",
        "0.125")]
    [InlineData("openai", "gpt-4.1", """{"prompt_tokens":100000,"completion_tokens":10000}""", "priority", "0.49")] // 3.50 and 14
    [InlineData("openai", "gpt-5-mini", """{"prompt_tokens":100000,"completion_tokens":10000}""", "priority", "0.081")] // 0.45 and 3.60
    [InlineData("openai", "gpt-4o-mini", """{"prompt_tokens":100000,"completion_tokens":10000}""", "priority", "0.035")] // 0.25 and 1
    [InlineData("openai", "o4-mini", """{"prompt_tokens":100000,"completion_tokens":10000}""", "flex", "0.077")] // 0.55 and 2.20
    // reasoning is output
    [InlineData(
        "openai",
        "o3",
        """{"prompt_tokens":10000,"completion_tokens":5000,"completion_tokens_details":{"reasoning_tokens":4000}}""",
        "default",
        "0.06")]
    // 200 x 2.50, 800 x 40, 100 x 10, 400 x 80
    [InlineData(
        "openai",
        "gpt-4o-audio-preview",
        """{"prompt_tokens":1000,"completion_tokens":500,"prompt_tokens_details":{"audio_tokens":800},"completion_tokens_details":{"audio_tokens":400}}""",
        "default",
        "0.0655")]
    // console.groq.com/docs/flex-processing: at the same price
    [InlineData("groq", "llama-3.3-70b-versatile", """{"prompt_tokens":100000,"completion_tokens":10000}""", "flex", "0.0669")]
    [InlineData("groq", "llama-3.3-70b-versatile", """{"prompt_tokens":100000,"completion_tokens":10000}""", "on_demand", "0.0669")]
    // platform.kimi.ai/docs/pricing/chat: 0.95, 0.16, 4
    [InlineData("moonshot", "kimi-k2.6", """{"prompt_tokens":100000,"completion_tokens":1000,"cached_tokens":50000}""", "default", "0.0595")]
    // docs.mistral.ai: 0.50 and 1.50
    [InlineData("mistral", "mistral-large-2512", """{"prompt_tokens":100000,"completion_tokens":10000}""", "default", "0.065")]
    // docs.x.ai/developers/pricing: 1.25 and 2.50
    [InlineData("xai", "grok-4.3", """{"prompt_tokens":199999,"completion_tokens":1000}""", "default", "0.25249875")]
    [InlineData("xai", "grok-4.3", """{"prompt_tokens":200000,"completion_tokens":1000}""", "default", "0.505")] // once the prompt reaches 200,000
    public void Chats(string provider, string model, string usage, string tier, string cost) => Chat(provider, model, usage, tier, cost, Saturday);

    /// <summary>developers.openai.com/api/docs/models/gpt-6.2-sol (Ultrafast: three times until 28 February 2027, then six times);
    /// api-docs.deepseek.com/quick_start/pricing (peak hours 01:00 to 04:00 and 06:00 to 10:00 UTC, Monday to Friday, at twice the price).</summary>
    [Theory]
    [InlineData("openai", "gpt-6.2-sol", """{"prompt_tokens":100000,"completion_tokens":10000}""", "ultrafast", "0.90", "2027-02-28T23:59:59Z")]
    [InlineData("openai", "gpt-6.2-sol", """{"prompt_tokens":100000,"completion_tokens":10000}""", "ultrafast", "1.80", "2027-03-01T00:00:00Z")]
    [InlineData("deepseek", "deepseek-flash", """{"prompt_tokens":100000,"completion_tokens":10000}""", "default", "0.021", Saturday)]
    [InlineData("deepseek", "deepseek-flash", """{"prompt_tokens":100000,"completion_tokens":10000}""", "default", "0.042", Monday)]
    [InlineData("deepseek", "deepseek-flash", """{"prompt_tokens":100000,"completion_tokens":10000}""", "default", "0.021", "2026-11-30T04:00:00Z")]
    // 80,000 x 0.044 + 20,000 x 1.32 + 1,000 x 3.96
    [InlineData(
        "deepseek",
        "deepseek-v4-pro",
        """{"prompt_tokens":100000,"completion_tokens":1000,"prompt_cache_hit_tokens":80000,"prompt_cache_miss_tokens":20000}""",
        "default",
        "0.03388",
        "2026-11-30T09:59:59Z")]
    public void Prices_go_by_days_and_hours(string provider, string model, string usage, string tier, string cost, string at) =>
        Chat(provider, model, usage, tier, cost, at);

    /// <summary>developers.openai.com/api/docs/pricing, tools: web search 10 for 1,000 calls, file search 2.50, containers 0.03; guides/tools-web-search:
    /// only searches are billed. docs.x.ai/developers/pricing: web and X search 5 each.</summary>
    [Theory]
    [InlineData(
        "openai",
        "gpt-5.4",
        """[{"type":"web_search_call","action":{"type":"search","queries":["a","b"]}},{"type":"message"}]""",
        """{"input_tokens":10000,"output_tokens":1000}""",
        "0.05")]
    [InlineData(
        "openai",
        "gpt-5.4",
        """[{"type":"web_search_call","action":{"type":"search"}},{"type":"web_search_call","action":{"type":"open_page"}},"""
        + """{"type":"web_search_call","action":{"type":"find_in_page"}}]""",
        """{"input_tokens":10000,"output_tokens":1000}""",
        "0.05")]
    [InlineData(
        "openai",
        "gpt-5.4",
        """[{"type":"file_search_call"},{"type":"reasoning"},{"type":"file_search_call"}]""",
        """{"input_tokens":10000,"output_tokens":1000}""",
        "0.045")]
    [InlineData(
        "openai",
        "gpt-5.4",
        """[{"type":"code_interpreter_call","container_id":"cntr_1"},{"type":"code_interpreter_call","container_id":"cntr_1"}]""",
        """{"input_tokens":10000,"output_tokens":1000}""",
        "0.07")]
    [InlineData(
        "openai",
        "gpt-5.4",
        """[{"type":"function_call","name":"search"},{"type":"computer_call","action":{"type":"click"}}]""",
        """{"input_tokens":10000,"output_tokens":1000}""",
        "0.04")]
    [InlineData(
        "xai",
        "grok-4.5",
        "[]",
        """{"input_tokens":1000,"output_tokens":100,"server_side_tool_usage_details":{"web_search_calls":2,"x_search_calls":1}}""",
        "0.0176")]
    public void Responses(string provider, string model, string output, string usage, string cost)
    {
        var whole = $$"""{"id":"resp_1","status":"completed","model":"{{model}}","output":{{output}},"service_tier":"default","usage":{{usage}} }""";
        Both(provider, model, WireFormat.OpenAiResponses, whole,
            $"event: response.completed\ndata: {{\"type\":\"response.completed\",\"response\":{whole}}}\n\n", cost, Saturday);
    }

    /// <summary>ai.google.dev/gemini-api/docs/pricing; flex-inference, priority-inference, google-search (Gemini 3 bills each query, Gemini 2.5 each grounded
    /// prompt).</summary>
    [Theory]
    // 0.125 + 1,500 x 10
    [InlineData("gemini-2.5-pro", "", """{"promptTokenCount":100000,"candidatesTokenCount":1000,"thoughtsTokenCount":500}""", "0.14", Saturday)]
    [InlineData("gemini-2.5-pro", "", """{"promptTokenCount":250000,"candidatesTokenCount":1000}""", "0.64", Saturday)] // above 200,000: 2.50 and 15
    // audio at 1
    [InlineData(
        "gemini-2.5-flash",
        "",
        """{"promptTokenCount":1000,"candidatesTokenCount":100,"promptTokensDetails":[{"modality":"TEXT","tokenCount":400},"""
        + """{"modality":"AUDIO","tokenCount":600}]}""",
        "0.00097",
        Saturday)]
    // 0.0006 + 0.00024
    [InlineData("gemini-2.5-flash", "", """{"promptTokenCount":10000,"cachedContentTokenCount":8000,"candidatesTokenCount":0}""", "0.00084", Saturday)]
    // an image is 1,290 tokens at 30
    [InlineData(
        "gemini-2.5-flash-image",
        "",
        """{"promptTokenCount":100,"candidatesTokenCount":1290,"candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":1290}]}""",
        "0.03873",
        Saturday)]
    // 35 for 1,000 prompts
    [InlineData(
        "gemini-2.5-flash",
        """ "groundingMetadata":{"webSearchQueries":["a","b"]}, """,
        """{"promptTokenCount":1000,"candidatesTokenCount":100}""",
        "0.03555",
        Saturday)]
    // 14 for 1,000 queries
    [InlineData(
        "gemini-3-flash-preview",
        """ "groundingMetadata":{"webSearchQueries":["a","b","c"]}, """,
        """{"promptTokenCount":1000,"candidatesTokenCount":100}""",
        "0.0428",
        Saturday)]
    // half of 0.212
    [InlineData("gemini-3.1-pro-preview", "", """{"promptTokenCount":100000,"candidatesTokenCount":1000,"serviceTier":"flex"}""", "0.106", Saturday)]
    // 1.8 times
    [InlineData("gemini-3.1-pro-preview", "", """{"promptTokenCount":100000,"candidatesTokenCount":1000,"serviceTier":"priority"}""", "0.3816", Saturday)]
    [InlineData("gemini-3.1-pro-preview", "", """{"promptTokenCount":100000,"candidatesTokenCount":1000,"trafficType":"ON_DEMAND"}""", "0.212", Saturday)]
    [InlineData("gemini-3.8-flash", "", """{"promptTokenCount":100000,"candidatesTokenCount":10000}""", "0.1125", Saturday)] // half price until the end of 2026
    [InlineData("gemini-3.8-flash", "", """{"promptTokenCount":100000,"candidatesTokenCount":10000}""", "0.225", "2027-01-01T00:00:00Z")]
    [InlineData("gemini-4-argon", "", """{"promptTokenCount":100000,"candidatesTokenCount":10000}""", "0.30", "2026-11-30T23:59:59Z")] // 2 and 10 until then
    [InlineData("gemini-4-argon", "", """{"promptTokenCount":100000,"candidatesTokenCount":10000}""", "0.60", "2026-12-01T00:00:00Z")] // 4 and 20
    public void Contents(string model, string grounding, string usage, string cost, string at)
    {
        var whole = $$"""{"candidates":[{ {{grounding}} "finishReason":"STOP"}],"usageMetadata":{{usage}},"modelVersion":"{{model}}","responseId":"r"}""";
        Both("google", model, WireFormat.Gemini, whole, $"data: {whole}\r\n\r\n", cost, at);
    }

    /// <summary>aws.amazon.com/bedrock/pricing (regional names a tenth above the global ones; flex at half, priority at 1.75 times); Amazon Bedrock API
    /// reference: TokenUsage, CacheDetail, ServiceTier.</summary>
    [Theory]
    // 3.30, 6.60, 16.50
    [InlineData(
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "",
        """{"inputTokens":1000,"outputTokens":500,"cacheWriteInputTokens":10000,"cacheDetails":[{"inputTokens":10000,"ttl":"1h"}]}""",
        "0.07755")]
    // 3, 3.75, 15
    [InlineData(
        "global.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "",
        """{"inputTokens":1000,"outputTokens":500,"cacheWriteInputTokens":10000,"cacheDetails":[{"inputTokens":10000,"ttl":"5m"}]}""",
        "0.048")]
    [InlineData(
        "global.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "",
        """{"inputTokens":1000,"outputTokens":500,"cacheWriteInputTokens":10000,"cacheDetails":[{"inputTokens":4000,"ttl":"1h"},"""
        + """{"inputTokens":6000,"ttl":"5m"}]}""",
        "0.057")]
    [InlineData("global.anthropic.claude-haiku-5-5", "", """{"inputTokens":120000,"outputTokens":1000}""", "0.0625")] // above 100,000: 0.50 and 2.50
    // half of 0.08 + 0.032
    [InlineData("amazon.nova-pro-v1:0", ""","serviceTier":{"type":"flex"}""", """{"inputTokens":100000,"outputTokens":10000}""", "0.056")]
    [InlineData("amazon.nova-pro-v1:0", ""","serviceTier":{"type":"priority"}""", """{"inputTokens":100000,"outputTokens":10000}""", "0.196")]
    [InlineData("amazon.nova-pro-v1:0", ""","serviceTier":{"type":"default"}""", """{"inputTokens":100000,"outputTokens":10000}""", "0.112")]
    public void Converse(string model, string tier, string usage, string cost)
    {
        Costs("bedrock", model, WireFormat.BedrockConverse, "application/json",
            Encoding.UTF8.GetBytes($$"""{"output":{},"stopReason":"end_turn","usage":{{usage}}{{tier}} }"""), Saturday, cost);
        byte[] stream = [.. EventStreamFrame.Of("messageStop", """{"stopReason":"end_turn"}"""),
            .. EventStreamFrame.Of("metadata", $$"""{"usage":{{usage}},"metrics":{}{{tier}} }""")];
        Costs("bedrock", model, WireFormat.BedrockConverse, "application/vnd.amazon.eventstream", stream, Saturday, cost);
    }

    /// <summary>Counts of a stream are sums so far: what a later event leaves out, or calls zero, was used all the same.</summary>
    [Theory]
    [InlineData("""{"input_tokens":5000,"output_tokens":1}""", """{"input_tokens":0,"output_tokens":100}""", "0.0165")] // 5,000 x 3 + 100 x 15
    [InlineData("""{"input_tokens":5000,"output_tokens":1}""", """{"output_tokens":100}""", "0.0165")]
    // the same prompt, of which 4,000 were cached
    [InlineData("""{"input_tokens":5000,"output_tokens":1}""", """{"input_tokens":1000,"cache_read_input_tokens":4000,"output_tokens":100}""", "0.0057")]
    public void Counts_of_a_stream_never_fall(string first, string last, string cost)
    {
        var events = $"data: {{\"type\":\"message_start\",\"message\":{{\"id\":\"m\",\"model\":\"x\",\"usage\":{first}}}}}\n\n"
            + $"data: {{\"type\":\"message_delta\",\"usage\":{last}}}\n\ndata: {{\"type\":\"message_stop\"}}\n\n";
        Costs("anthropic", "claude-sonnet-4-5", WireFormat.Anthropic, "text/event-stream", Encoding.UTF8.GetBytes(events), Saturday, cost);
    }

    /// <summary>What has no price costs the dearest that is known of the model, and is flagged.</summary>
    [Theory]
    [InlineData("anthropic", "claude-haiku-4-5", """{"input_tokens":100000,"output_tokens":10000,"speed":"fast"}""", "0.15")] // nothing dearer is known
    [InlineData("anthropic", "claude-opus-4-8", """{"input_tokens":100000,"output_tokens":10000,"speed":"warp"}""", "1.65")] // fast and in the United States
    [InlineData("anthropic", "claude-opus-4-5", """{"input_tokens":100000,"output_tokens":10000,"inference_geo":"us"}""", "0.75")]
    // another model's tokens
    [InlineData(
        "anthropic",
        "claude-opus-4-8",
        """{"input_tokens":1000,"output_tokens":100,"iterations":[{"type":"advisor_message","model":"claude-fable-5-1","input_tokens":9000,"""
        + """ "output_tokens":100}]}""",
        "0.055")]
    public void What_has_no_price_is_flagged(string provider, string model, string usage, string cost)
    {
        var priced = Price(provider, model, WireFormat.Anthropic, "application/json", Encoding.UTF8.GetBytes($$"""{"id":"m","usage":{{usage}} }"""), Saturday);
        priced.Cost.Total.ShouldBe(Number(cost));
        priced.IsUnpriced.ShouldBeTrue();
    }

    [Fact]
    public void The_lines_of_a_cost_add_up_to_it()
    {
        const string Usage = """
            {"input_tokens":1000,"cache_creation_input_tokens":10000,"cache_creation":{"ephemeral_1h_input_tokens":4000},
             "output_tokens":500,"server_tool_use":{"web_search_requests":2},"inference_geo":"us"}
            """;
        var priced = Price("anthropic", "claude-sonnet-4-6", WireFormat.Anthropic, "application/json",
            Encoding.UTF8.GetBytes($$"""{"id":"m","usage":{{Usage}} }"""), Saturday);
        priced.Lines.ShouldBe(
        [
            new CostLine("input", 1_000, 3.3m, 1_000_000),
            new CostLine("cache_write", 6_000, 4.125m, 1_000_000),
            new CostLine("cache_write_long", 4_000, 6.6m, 1_000_000),
            new CostLine("output", 500, 16.5m, 1_000_000),
            new CostLine("web_search", 2, 10, 1_000),
        ]);
        priced.Lines.Sum(line => line.Amount).ShouldBe(priced.Cost.Total);
        priced.Cost.Total.ShouldBe(0.0827m); // (3,000 + 22,500 + 24,000 + 7,500) / 1M x 1.1 + 0.02
    }

    private static void Chat(string provider, string model, string usage, string tier, string cost, string at)
    {
        var whole = $$"""{"id":"c","model":"{{model}}","choices":[{"index":0,"finish_reason":"stop"}],"usage":{{usage}},"service_tier":"{{tier}}"}""";
        var events = $"data: {{\"id\":\"c\",\"model\":\"{model}\",\"service_tier\":\"{tier}\",\"choices\":[{{\"index\":0,\"delta\":{{}}}}],\"usage\":null}}\n\n"
            + $"data: {{\"id\":\"c\",\"choices\":[],\"service_tier\":\"{tier}\",\"usage\":{usage}}}\n\ndata: [DONE]\n\n";
        Both(provider, model, WireFormat.OpenAiChat, whole, events, cost, at);
    }

    private static void Both(string provider, string model, WireFormat format, string whole, string events, string cost, string at)
    {
        Costs(provider, model, format, "application/json", Encoding.UTF8.GetBytes(whole), at, cost);
        Costs(provider, model, format, "text/event-stream", Encoding.UTF8.GetBytes(events), at, cost);
    }

    private static void Costs(string provider, string model, WireFormat format, string type, byte[] body, string at, string cost)
    {
        var priced = Price(provider, model, format, type, body, at);
        priced.Cost.Total.ShouldBe(Number(cost), $"{model} as {type}");
        priced.IsUnpriced.ShouldBeFalse();
    }

    private static PricedCall Price(string provider, string model, WireFormat format, string type, byte[] body, string at)
    {
        var endpoint = new ProviderEndpoint { Method = "POST", Path = "/", Kind = EndpointKind.Chat, Format = format };
        var summary = AnswerRun.Of(AnswerReaders.Create(endpoint, type, null, false), body).Summary;
        summary.HasUsage.ShouldBeTrue();
        summary.IsInconsistent.ShouldBeFalse();
        var price = Catalogue.FindModel(Catalogue.FindProvider(provider)!, model).ShouldNotBeNull(model).Price;
        return ProviderCost.Of(price, summary.Usage, DateTimeOffset.Parse(at, CultureInfo.InvariantCulture));
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
