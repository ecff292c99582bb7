using Lava.Core.Catalogue;
using Lava.Core.Formats;

namespace Lava.Core.Tests.Formats;

/// <summary>Requests that are not sent on: with anybody's key, or with the operator's.</summary>
public sealed class RequestFaultTests
{
    [Theory]
    [InlineData("""{"stream":"true"}""", "stream")]
    [InlineData("""{"stream":1}""", "stream")]
    [InlineData("""{"stream":[]}""", "stream")]
    [InlineData("""{"stream_options":"x"}""", "stream_options")]
    [InlineData("""{"stream_options":[{"include_usage":true}]}""", "stream_options")]
    [InlineData("""{"stream_options":{"include_usage":"false"}}""", "include_usage")]
    [InlineData("""{"stream_options":{"include_usage":0}}""", "include_usage")]
    [InlineData("""{"stream_options":{"include_usage":{}}}""", "include_usage")]
    [InlineData("""{"model":"cheap","Model":"dear"}""", "model")]
    [InlineData("""{"model":"cheap","MODEL":"dear"}""", "model")]
    [InlineData("""{"Stream":true}""", "stream")]
    [InlineData("""{"\u017Ftream":true}""", "stream")]
    [InlineData("""{"too\u006C\u017F":[]}""", "tools")]
    [InlineData("""{"Max_Tokens":5}""", "max_tokens")]
    public void What_could_hide_usage_or_mean_two_things_is_a_fault(string body, string member) =>
        Read(WireFormat.OpenAiChat, EndpointKind.Chat, body).Fault.ShouldNotBeNull().Member.ShouldBe(member);

    [Theory]
    [InlineData("""{"stream":null,"stream_options":null,"MESSAGES":[],"metadata":{"Model":"x","model":"y","Stream":1}}""")]
    [InlineData("""{"stream":true,"stream_options":{"include_usage":null,"include_obfuscation":true}}""")]
    [InlineData("""{"max_tokens":5,"max_completion_tokens":6,"user":"a","User":"b","speed":"fast"}""")]
    public void What_changes_nothing_is_none(string body)
    {
        var facts = Read(WireFormat.OpenAiChat, EndpointKind.Chat, body);
        facts.Fault.ShouldBeNull();
        facts.Unpriced.ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"generationConfig":{"maxOutputTokens":5,"maxOutputTokens":9999}}""")]
    [InlineData("""{"generationConfig":{"maxOutputTokens":5,"max_output_tokens":9999}}""")]
    [InlineData("""{"generationConfig":{"candidateCount":1,"candidateCount":8}}""")]
    [InlineData("""{"generationConfig":{"maxOutputTokens":5},"generation_config":{}}""")]
    public void A_bound_may_stand_once_only(string body) => Read(WireFormat.Gemini, EndpointKind.Chat, body).Fault.ShouldNotBeNull().Message.ShouldContain("twice");

    [Theory]
    [InlineData(WireFormat.OpenAiChat, """{"web_search_options":{"search_context_size":"high"}}""", "web_search_options")]
    [InlineData(WireFormat.OpenAiChat, """{"search_parameters":{"mode":"on"}}""", "search_parameters")]
    [InlineData(WireFormat.OpenAiChat, """{"models":["anthropic/claude-opus-4.1"]}""", "models")]
    [InlineData(WireFormat.OpenAiChat, """{"route":"fallback"}""", "route")]
    [InlineData(WireFormat.OpenAiChat, """{"provider":{"only":["dear"]}}""", "provider")]
    [InlineData(WireFormat.OpenAiChat, """{"plugins":[{"id":"web"}]}""", "plugins")]
    [InlineData(WireFormat.OpenAiChat, """{"tools":[{"type":"function","function":{"name":"f"}},{"type":"browser_search"}]}""", "tools")]
    [InlineData(WireFormat.OpenAiChat, """{"service_tier":"pri ority"}""", "service_tier")]
    [InlineData(WireFormat.OpenAiChat, """{"service_tier":5}""", "service_tier")]
    [InlineData(WireFormat.OpenAiChat, """{"tools":[{"type":"web_search"}]}""", "tools")]
    [InlineData(WireFormat.OpenAiResponses, """{"tools":[{"type":"code_interpreter","container":{"type":"auto","memory_limit":"64g"}}]}""", "tools")]
    [InlineData(WireFormat.OpenAiResponses, """{"tools":[{"type":"image_generation"}]}""", "tools")]
    [InlineData(WireFormat.OpenAiResponses, """{"tools":[{"type":"namespace","name":"n","tools":[{"type":"image_generation"}]}]}""", "tools")]
    [InlineData(WireFormat.OpenAiResponses, """{"input":[{"role":"user","content":"Hi"},{"type":"additional_tools","role":"developer","tools":[{"type":"mcp"}]}]}""", "tools")]
    [InlineData(WireFormat.Gemini, """{"tools":[{"googleMaps":{}}]}""", "tools")]
    [InlineData(WireFormat.BedrockConverse, """{"performanceConfig":{"latency":"warp"}}""", "performanceConfig")]
    [InlineData(WireFormat.OpenAiResponses, """{"background":true}""", "background")]
    [InlineData(WireFormat.OpenAiResponses, """{"background":1}""", "background")]
    [InlineData(WireFormat.OpenAiResponses, """{"tools":[{"type":"mcp","server_url":"https://tools.example"}]}""", "tools")]
    [InlineData(WireFormat.Anthropic, """{"mcp_servers":[{"type":"url","url":"https://tools.example"}]}""", "mcp_servers")]
    [InlineData(WireFormat.Anthropic, """{"container":"container_1"}""", "container")]
    [InlineData(WireFormat.Gemini, """{"tools":[{"functionDeclarations":[]},{"code_execution":{}}]}""", "tools")]
    [InlineData(WireFormat.BedrockConverse, """{"guardrailConfig":{"guardrailIdentifier":"g"}}""", "guardrailConfig")]
    [InlineData(WireFormat.BedrockConverse, """{"toolConfig":{"tools":[{"systemTool":{"name":"nova_grounding"}}]}}""", "tools")]
    [InlineData(WireFormat.BedrockConverse, """{"additionalModelRequestFields":{"max_tokens":100000}}""", "additionalModelRequestFields")]
    public void What_costs_more_than_the_catalogue_says_is_unpriced(WireFormat format, string body, string member)
    {
        var facts = Read(format, EndpointKind.Chat, body);
        facts.Fault.ShouldBeNull();
        facts.Unpriced.ShouldNotBeNull().Member.ShouldBe(member);
    }

    [Theory]
    [InlineData(WireFormat.OpenAiChat, """{"service_tier":"auto","models":[],"route":null,"plugins":[],"provider":{},"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"web_search"}}},{"type":"custom","custom":{"name":"g","format":{"type":"text"}}}],"tool_choice":{"type":"web_search"}}""")]
    [InlineData(WireFormat.OpenAiResponses, """{"service_tier":"default","background":false,"tools":[{"type":"function","name":"f","parameters":{"properties":{"type":{"type":"mcp"}}}},{"type":"custom","name":"p","format":{"type":"grammar"}},{"type":"local_shell"}]}""")]
    [InlineData(WireFormat.OpenAiResponses, """{"input":[{"type":"additional_tools","role":"developer","tools":[{"type":"namespace","name":"functions","tools":[{"type":"custom","name":"exec"},{"type":"function","name":"f","parameters":{"properties":{"tools":{"type":"array"}}}}]}]},{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi"}]}]}""")]
    [InlineData(WireFormat.Anthropic, """{"service_tier":"standard_only","speed":"standard","inference_geo":"global","mcp_servers":[],"tools":[{"name":"f","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}},{"type":"custom","name":"g"},{"type":"text_editor_20250728","name":"e"},{"type":"bash_20250124","name":"bash"},{"type":"computer_20250124","name":"computer"},{"type":"memory_20250818","name":"memory"}]}""")]
    [InlineData(WireFormat.Gemini, """{"tools":[{"functionDeclarations":[{"name":"f","parameters":{"googleSearch":{}}}]}],"toolConfig":{"tools":1}}""")]
    [InlineData(WireFormat.BedrockConverse, """{"serviceTier":{"type":"default"},"performanceConfig":{"latency":"standard"},"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"systemTool":1}}}},{"cachePoint":{"type":"default"}}]},"additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":1024}}}""")]
    public void What_costs_what_the_catalogue_says_passes(WireFormat format, string body)
    {
        var facts = Read(format, EndpointKind.Chat, body);
        (facts.Fault, facts.Unpriced, facts.HasHostedTools).ShouldBe((null, null, false));
    }

    [Fact]
    public void Tools_of_the_provider_read_what_the_body_does_not_hold()
    {
        var facts = Read(WireFormat.Anthropic, EndpointKind.Chat, """{"tools":[{"type":"web_search_20250305","name":"web_search"}]}""");
        (facts.HasHostedTools, facts.HasUnseenInput).ShouldBe((true, true));
    }

    // openai.com/api/pricing: an image of dall-e-3 is 0.04 at 1024x1024 in standard quality, up to 0.12 otherwise.
    [Theory]
    [InlineData("""{"size":"1792x1024"}""", "size")]
    [InlineData("""{"quality":"hd"}""", "quality")]
    [InlineData("""{"width":2048}""", "width")]
    [InlineData("""{"steps":50}""", "steps")]
    [InlineData("""{"size":"1024x1024","quality":"standard","width":1024,"height":768,"steps":4,"n":2}""", null)]
    [InlineData("""{"size":"auto","quality":"auto"}""", null)]
    public void An_image_is_priced_at_the_plain_size_and_quality(string body, string? member) =>
        (Read(WireFormat.OpenAiMedia, EndpointKind.Images, body).DearImage?.Member).ShouldBe(member);

    [Fact]
    public void ElevenLabs_reads_its_own_name_of_the_model_only()
    {
        Read(WireFormat.ElevenLabs, EndpointKind.Speech, """{"model":"eleven_flash_v2_5","text":"a"}""").Model.ShouldBeNull();
        Read(WireFormat.ElevenLabs, EndpointKind.Speech, """{"model":"eleven_flash_v2_5","model_id":"eleven_v3","text":"a"}""").Model.ShouldBe("eleven_v3");
    }

    [Theory]
    [InlineData(WireFormat.OpenAiChat, """{"max_output_tokens":1}""")]
    [InlineData(WireFormat.OpenAiChat, """{"generationConfig":{"maxOutputTokens":1},"inferenceConfig":{"maxTokens":1}}""")]
    [InlineData(WireFormat.OpenAiResponses, """{"max_tokens":1,"max_completion_tokens":1}""")]
    [InlineData(WireFormat.Anthropic, """{"max_output_tokens":1}""")]
    [InlineData(WireFormat.Gemini, """{"max_tokens":1,"maxOutputTokens":1}""")]
    [InlineData(WireFormat.BedrockConverse, """{"max_tokens":1,"generationConfig":{"maxOutputTokens":1}}""")]
    public void Another_formats_limit_is_none(WireFormat format, string body) => Read(format, EndpointKind.Chat, body).MaxOutputTokens.ShouldBeNull();

    private static RequestFacts Read(WireFormat format, EndpointKind kind, string body) =>
        RequestReader.Read(AnswerFixture.Bytes(body), "application/json", AnswerFixture.Endpoint(format, kind)).ShouldNotBeNull();
}
