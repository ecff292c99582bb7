using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Core.Pricing;

namespace Lava.Core.Tests.Formats;

/// <summary>Tiers, speeds, regions and tools of the provider that a request asks for: whether they have a price, and the most that they cost.</summary>
public sealed class AskedTermsTests
{
    private static readonly ModelPrice Plain = new() { Input = 3, Output = 15 };

    private static readonly ModelPrice Priced = Plain with
    {
        Tools = new ToolPrices { WebSearch = 10, WebSearchPreview = 25, FileSearch = 2.5m, XSearch = 5, CodeExecution = 30 },
        When = [new PriceRule { Tier = "priority", Factor = 2 }, new PriceRule { Tier = "flex", Factor = 0.5m }, new PriceRule { Speed = "fast", Factor = 6 }, new PriceRule { Geo = "us", Factor = 1.1m }],
    };

    [Theory]
    [InlineData(WireFormat.OpenAiChat, """{"service_tier":"priority"}""", "service_tier", "priority")]
    [InlineData(WireFormat.OpenAiResponses, """{"service_tier":"flex"}""", "service_tier", "flex")]
    [InlineData(WireFormat.Gemini, """{"serviceTier":"priority"}""", "serviceTier", "priority")]
    [InlineData(WireFormat.BedrockConverse, """{"serviceTier":{"type":"flex"}}""", "serviceTier", "flex")]
    [InlineData(WireFormat.BedrockConverse, """{"performanceConfig":{"latency":"optimized"}}""", "performanceConfig", "standard")]
    [InlineData(WireFormat.Anthropic, """{"speed":"fast"}""", "speed", "fast")]
    [InlineData(WireFormat.Anthropic, """{"inference_geo":"us"}""", "inference_geo", "us")]
    [InlineData(WireFormat.OpenAiResponses, """{"tools":[{"type":"web_search"}]}""", "tools", "web search")]
    [InlineData(WireFormat.OpenAiResponses, """{"input":[{"type":"additional_tools","role":"developer","tools":[{"type":"web_search"}]}]}""", "tools", "web search")]
    [InlineData(WireFormat.OpenAiResponses, """{"tools":[{"type":"web_search_preview"}]}""", "tools", "web search (preview)")]
    [InlineData(WireFormat.OpenAiResponses, """{"tools":[{"type":"web_search_preview_2025_03_11"}]}""", "tools", "web search (preview)")]
    [InlineData(WireFormat.OpenAiResponses, """{"tools":[{"type":"file_search","vector_store_ids":["vs_1"]}]}""", "tools", "file search")]
    [InlineData(WireFormat.OpenAiResponses, """{"tools":[{"type":"x_search"}]}""", "tools", "X")]
    [InlineData(WireFormat.OpenAiResponses, """{"tools":[{"type":"code_interpreter","container":{"type":"auto"}}]}""", "tools", "code execution")]
    [InlineData(WireFormat.Anthropic, """{"tools":[{"type":"web_search_20250305","name":"web_search"}]}""", "tools", "web search")]
    [InlineData(WireFormat.Anthropic, """{"tools":[{"type":"code_execution_20250825","name":"code_execution"}]}""", "tools", "code execution")]
    [InlineData(WireFormat.Gemini, """{"tools":[{"googleSearch":{}}]}""", "tools", "web search")]
    public void What_the_model_has_a_price_for_passes_and_what_it_has_none_for_is_refused_by_name(WireFormat format, string body, string member, string word)
    {
        var facts = Read(format, body);
        (facts.Fault, facts.Unpriced).ShouldBe((null, null));
        facts.Terms.FindUnpriced(Priced, format).ShouldBeNull();
        foreach (var price in new[] { Plain, null })
        {
            var fault = facts.Terms.FindUnpriced(price, format).ShouldNotBeNull();
            fault.Member.ShouldBe(member);
            fault.Message.ShouldContain(word);
        }
    }

    [Theory]
    [InlineData("""{"service_tier":"scale"}""")]
    [InlineData("""{"service_tier":"priority","speed":"ludicrous"}""")]
    public void Another_tier_is_refused_though_the_model_has_tiers(string body) =>
        (Read(WireFormat.Anthropic, body).Terms.FindUnpriced(Priced, WireFormat.Anthropic) is not null).ShouldBeTrue();

    [Fact]
    public void An_answer_grounded_at_a_price_of_its_own_has_one() =>
        Read(WireFormat.Gemini, """{"tools":[{"google_search":{}}]}""").Terms.FindUnpriced(Plain with { Tools = new ToolPrices { GroundedAnswer = 35 } }, WireFormat.Gemini).ShouldBeNull();

    [Fact]
    public void Fetching_pages_costs_its_tokens_alone()
    {
        var facts = Read(WireFormat.Anthropic, """{"tools":[{"type":"web_fetch_20250910","name":"web_fetch"}]}""");
        (facts.Terms.FindUnpriced(Plain, WireFormat.Anthropic), facts.Unpriced, facts.HasHostedTools, facts.HasOnlyFindingsUnseen).ShouldBe((null, null, true, false));
    }

    [Theory]
    [InlineData(WireFormat.Anthropic, """{"tools":[{"max_uses":3,"type":"web_search_20250305","name":"web_search"}]}""", 3L)]
    [InlineData(WireFormat.Anthropic, """{"tools":[{"type":"web_search_20250305","max_uses":3},{"type":"web_fetch_20250910","max_uses":2}]}""", 5L)]
    [InlineData(WireFormat.Anthropic, """{"tools":[{"type":"web_search_20250305","max_uses":3},{"type":"web_fetch_20250910"}]}""", null)]
    [InlineData(WireFormat.OpenAiResponses, """{"max_tool_calls":4,"tools":[{"type":"web_search"},{"type":"file_search"}]}""", 4L)]
    [InlineData(WireFormat.OpenAiResponses, """{"tools":[{"type":"web_search"}]}""", null)]
    public void A_request_may_limit_the_calls_of_tools(WireFormat format, string body, long? limit) => Read(format, body).Terms.ToolCallLimit.ShouldBe(limit);

    /// <summary>1,000,000 tokens in and 100,000 out at 3 and 15 dollars a million: 4.50. The tier that is served may be the ordinary one, and the dearer of the
    /// two is held.</summary>
    [Theory]
    [InlineData(null, null, null, 4.5)]
    [InlineData("priority", null, null, 9.0)]
    [InlineData("flex", null, null, 4.5)]
    [InlineData(null, "fast", null, 27.0)]
    [InlineData(null, null, "us", 4.95)]
    [InlineData("priority", null, "us", 9.9)]
    public void The_dearest_terms_are_reserved_for(string? tier, string? speed, string? geo, double most) =>
        ProviderCost.Most(Priced, new Usage { InputTokens = 1_000_000, OutputTokens = 100_000, Tier = tier, Speed = speed, Geo = geo }).ShouldBe((decimal)most);

    /// <summary>Two searches after a prompt of 1,070 tokens at the most: rounds of 1,070, 21,070 and 41,070 tokens, 63,210 in all, and 100 tokens of answer:
    /// 0.18963 + 0.0015, and two searches at 0.01.</summary>
    [Fact]
    public void Each_search_is_reserved_for_with_the_round_that_follows_it()
    {
        const string Body = """{"max_tokens": 100, "tools": [{"type": "web_search_1", "max_uses":2}]}""";
        Body.Length.ShouldBe(70);
        var model = new CatalogueModel { Id = "m", ContextTokens = 200_000, Price = Priced };
        var most = UsageEstimate.Most(Read(WireFormat.Anthropic, Body), model, AnswerFixture.Endpoint(WireFormat.Anthropic, EndpointKind.Chat));
        (most.InputTokens, most.LongestPromptTokens, most.OutputTokens, most.Tools.WebSearches).ShouldBe((63_210, 41_070, 100, 2));
        ProviderCost.Most(Priced, most).ShouldBe(0.21113m);
    }

    /// <summary>Two searches by the older tool, at 25 a thousand instead of 10.</summary>
    [Fact]
    public void The_older_search_is_reserved_for_at_its_own_price()
    {
        var endpoint = AnswerFixture.Endpoint(WireFormat.OpenAiResponses, EndpointKind.Chat);
        var model = new CatalogueModel { Id = "m", ContextTokens = 200_000, Price = Priced };
        decimal Most(string tool) => ProviderCost.Most(
            Priced,
            UsageEstimate.Most(Read(WireFormat.OpenAiResponses, $$"""{"max_output_tokens":9,"max_tool_calls":2,"tools":[{"type":"{{tool}}"}]}"""), model, endpoint));

        // The longer name is 8 bytes more in each of three rounds, at 3 a million.
        (Most("web_search_preview") - Most("web_search")).ShouldBe(0.03m + (3 * 8 * 0.000003m));
    }

    private static RequestFacts Read(WireFormat format, string body) =>
        RequestReader.Read(AnswerFixture.Bytes(body), "application/json", AnswerFixture.Endpoint(format, EndpointKind.Chat)).ShouldNotBeNull();
}
