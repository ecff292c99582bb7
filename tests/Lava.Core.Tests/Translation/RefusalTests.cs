using Lava.Core.Catalogue;
using Lava.Core.Translation;
using static Lava.Core.Catalogue.WireFormat;

namespace Lava.Core.Tests.Translation;

/// <summary>What cannot be carried is refused by its name in the client's body, never lost in silence (behaviour.md §3.3).</summary>
public sealed class RefusalTests
{
    private const string User = """{"role":"user","content":"Hi"}""";

    [Theory]
    [InlineData("\"n\":2", "n")]
    [InlineData("\"audio\":{\"voice\":\"alloy\"}", "audio")]
    [InlineData("\"modalities\":[\"text\",\"audio\"]", "modalities")]
    [InlineData("\"functions\":[]", "functions")]
    [InlineData("\"web_search_options\":{}", "web_search_options")]
    [InlineData("\"tools\":[{\"type\":\"mcp\",\"server_label\":\"s\"}]", "tools[0].type")]
    [InlineData("\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"f\",\"format\":{\"type\":\"xml\"}}}]", "tools[0].custom.format.type")]
    [InlineData("\"tool_choice\":{\"type\":\"allowed_tools\"}", "tool_choice.type")]
    public void OpenAIs_members_are_refused_by_name(string member, string field)
    {
        foreach (var provider in Run.Formats.Where(format => format != OpenAiChat))
            ShouldBe(Run.Refusal(OpenAiChat, provider, $$"""{"model":"m","messages":[{{User}}],{{member}}}"""), field);
    }

    [Theory]
    [InlineData("""{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"aGk=","format":"wav"}}]}""", "messages[0].content[0].type")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"a"},{"type":"file","file":{"file_id":"file-1"}}]}""", "messages[0].content[1].file.file_id")]
    [InlineData("""{"role":"user","content":[{"type":"hologram"}]}""", "messages[0].content[0].type")]
    [InlineData("""{"role":"assistant","function_call":{"name":"f","arguments":""}}""", "messages[0].function_call")]
    [InlineData("""{"role":"assistant","audio":{"id":"a"}}""", "messages[0].audio")]
    [InlineData("""{"role":"function","name":"f","content":"1"}""", "messages[0].role")]
    public void OpenAIs_content_is_refused_by_its_place(string message, string field) =>
        ShouldBe(Run.Refusal(OpenAiChat, Anthropic, $$"""{"model":"m","messages":[{{message}},{{User}}]}"""), field);

    [Theory]
    [InlineData("\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]", "tools[0].type")]
    [InlineData("\"tools\":[{\"type\":\"code_execution_20250522\",\"name\":\"code_execution\"}]", "tools[0].type")]
    [InlineData("\"mcp_servers\":[{\"type\":\"url\",\"url\":\"https://a.example\"}]", "mcp_servers")]
    [InlineData("\"container\":\"c\"", "container")]
    public void Anthropics_hosted_tools_are_refused_by_name(string member, string field) =>
        ShouldBe(Run.Refusal(Anthropic, OpenAiChat, $$"""{"model":"m","max_tokens":9,"messages":[{{User}}],{{member}}}"""), field);

    [Theory]
    [InlineData("""{"type":"image","source":{"type":"file","file_id":"f"}}""", OpenAiChat, "messages[0].content[0].source.type")]
    [InlineData("""{"type":"image","source":{"type":"url","url":"https://a.example/b.png"}}""", BedrockConverse, "messages[0].content[0].source")]
    [InlineData("""{"type":"document","source":{"type":"text","media_type":"text/plain","data":"hi"}}""", OpenAiChat, "messages[0].content[0].source")]
    [InlineData("""{"type":"document","source":{"type":"url","url":"https://a.example/b.pdf"}}""", OpenAiChat, "messages[0].content[0].source")]
    [InlineData("""{"type":"server_tool_use","id":"s","name":"web_search","input":{}}""", OpenAiChat, "messages[0].content[0].type")]
    public void Anthropics_content_is_refused_by_its_place(string block, WireFormat provider, string field) =>
        ShouldBe(Run.Refusal(Anthropic, provider, $$"""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{{block}}]}]}"""), field);

    [Theory]
    [InlineData("\"cachedContent\":\"cachedContents/1\"", "cachedContent")]
    [InlineData("\"tools\":[{\"googleSearch\":{}}]", "tools[0].googleSearch")]
    [InlineData("\"tools\":[{\"code_execution\":{}}]", "tools[0].code_execution")]
    [InlineData("\"generationConfig\":{\"candidateCount\":2}", "generationConfig.candidateCount")]
    [InlineData("\"generationConfig\":{\"responseModalities\":[\"AUDIO\"]}", "generationConfig.responseModalities[0]")]
    [InlineData("\"generationConfig\":{\"speechConfig\":{}}", "generationConfig.speechConfig")]
    [InlineData("\"generationConfig\":{\"responseMimeType\":\"text/x.enum\"}", "generationConfig.responseMimeType")]
    public void Googles_members_are_refused_by_name(string member, string field) =>
        ShouldBe(Run.Refusal(Gemini, OpenAiChat, $$"""{"contents":[{"parts":[{"text":"Hi"}]}],{{member}}}"""), field);

    [Theory]
    [InlineData("""{"inlineData":{"mimeType":"audio/wav","data":"aGk="}}""", "contents[0].parts[0].inlineData.mimeType")]
    [InlineData("""{"fileData":{"mimeType":"image/png","fileUri":"https://generativelanguage.googleapis.com/v1beta/files/1"}}""", "contents[0].parts[0].fileData.fileUri")]
    [InlineData("""{"executableCode":{"code":"1"}}""", "contents[0].parts[0].executableCode")]
    public void Googles_parts_are_refused_by_their_place(string part, string field) =>
        ShouldBe(Run.Refusal(Gemini, OpenAiChat, $$"""{"contents":[{"parts":[{{part}}]}]}"""), field);

    [Theory]
    [InlineData("\"guardrailConfig\":{\"guardrailIdentifier\":\"g\"}", "guardrailConfig")]
    [InlineData("\"promptVariables\":{}", "promptVariables")]
    [InlineData("\"toolConfig\":{\"tools\":[{\"systemTool\":{\"name\":\"nova_grounding\"}}]}", "toolConfig.tools[0]")]
    [InlineData("\"system\":[{\"guardContent\":{}}]", "system[0]")]
    public void Bedrocks_members_are_refused_by_name(string member, string field) =>
        ShouldBe(Run.Refusal(BedrockConverse, OpenAiChat, $$"""{"messages":[{"role":"user","content":[{"text":"Hi"}]}],{{member}}}"""), field);

    [Theory]
    [InlineData("""{"video":{"format":"mp4","source":{"bytes":"aGk="}}}""", "messages[0].content[0]")]
    [InlineData("""{"image":{"format":"png","source":{"s3Location":{"uri":"s3://a/b"}}}}""", "messages[0].content[0].image.source")]
    public void Bedrocks_blocks_are_refused_by_their_place(string block, string field) =>
        ShouldBe(Run.Refusal(BedrockConverse, OpenAiChat, $$"""{"messages":[{"role":"user","content":[{{block}}]}]}"""), field);

    [Theory]
    [InlineData("\"previous_response_id\":\"resp_1\"", "previous_response_id")]
    [InlineData("\"conversation\":\"conv_1\"", "conversation")]
    [InlineData("\"prompt\":{\"id\":\"p\"}", "prompt")]
    [InlineData("\"background\":true", "background")]
    [InlineData("\"tools\":[{\"type\":\"web_search\"}]", "tools[0].type")]
    public void What_is_stored_with_OpenAI_is_refused_by_name(string member, string field) =>
        ShouldBe(Run.Refusal(OpenAiResponses, Anthropic, $$"""{"model":"m","input":"Hi",{{member}}}"""), field);

    [Fact]
    public void A_begun_answer_is_refused_where_the_provider_would_not_go_on_with_it()
    {
        const string Body = """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"{"}]}""";
        foreach (var provider in new[] { OpenAiChat, OpenAiResponses, Gemini }) ShouldBe(Run.Refusal(Anthropic, provider, Body), "messages");
        Run.Body(Anthropic, BedrockConverse, Body).GetProperty("messages").GetArrayLength().ShouldBe(2);
    }

    /// <summary>The Vercel AI SDK refers to items that it believes to be stored, unless it is told that nothing is.</summary>
    [Theory]
    [InlineData("\"type\":\"item_reference\",")]
    [InlineData("")]
    public void A_reference_to_earlier_reasoning_is_passed_over_and_any_other_is_refused_with_the_way_out(string type)
    {
        const string Call = """{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"1"}""";
        var body = "{\"model\":\"m\",\"input\":[{\"role\":\"user\",\"content\":\"Hi\"},{" + type + "\"id\":\"rs_1\"}," + Call + "]}";
        Run.Body(OpenAiResponses, Anthropic, body).GetProperty("messages").GetArrayLength().ShouldBe(3);
        var issue = Run.Refusal(OpenAiResponses, Anthropic, body.Replace("rs_1", "msg_1", StringComparison.Ordinal));
        ShouldBe(issue, "input[1].id");
        issue.Message.ShouldContain("providerOptions.openai.store");
    }

    [Fact]
    public void Arguments_that_are_no_object_are_refused_where_they_must_be_one() =>
        ShouldBe(
            Run.Refusal(OpenAiChat, Anthropic, $$$"""{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":"}}]},{"role":"tool","tool_call_id":"c","content":""},{{{User}}}]}"""),
            "messages[0].tool_calls[0].function.arguments");

    [Fact]
    public void A_tools_answer_without_its_call_is_refused_where_the_tool_must_be_named() =>
        ShouldBe(Run.Refusal(OpenAiChat, Gemini, $$"""{"model":"m","messages":[{{User}},{"role":"tool","tool_call_id":"c","content":"1"}]}"""), "messages[1].tool_call_id");

    [Fact]
    public void To_forbid_tools_that_were_used_is_refused_where_it_cannot_be_said() =>
        ShouldBe(
            Run.Refusal(Anthropic, BedrockConverse, """{"model":"m","max_tokens":9,"tools":[{"name":"f","input_schema":{"type":"object"}}],"tool_choice":{"type":"none"},"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"1"}]}]}"""),
            "tool_choice");

    [Fact]
    public void A_schema_that_is_no_objects_is_refused_where_a_tool_stands_for_it() =>
        ShouldBe(Run.Refusal(OpenAiChat, Anthropic, """{"model":"m","messages":[{"role":"user","content":"Hi"}],"response_format":{"type":"json_schema","json_schema":{"name":"l","schema":{"type":"array"}}}}"""), "response_format");

    [Fact]
    public void A_schema_whose_references_multiply_is_refused()
    {
        var defs = string.Join(',', Enumerable.Range(0, 30).Select(i => $$$$"""
            "d{{{{i}}}}":{"type":"object","properties":{"a":{"$ref":"#/$defs/d{{{{i + 1}}}}"},"b":{"$ref":"#/$defs/d{{{{i + 1}}}}"}}}
            """));
        var schema = "{\"type\":\"object\",\"properties\":{\"x\":{\"$ref\":\"#/$defs/d0\"}},\"$defs\":{" + defs + ",\"d30\":{\"type\":\"string\"}}}";
        ShouldBe(Run.Refusal(OpenAiChat, Gemini, "{\"model\":\"m\",\"messages\":[" + User + "],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":" + schema + "}}]}"), "tools");
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("nonsense", "")]
    [InlineData("[]", "")]
    [InlineData("{}", "messages")]
    [InlineData("""{"messages":[]}""", "model")]
    [InlineData("""{"model":1,"messages":[]}""", "model")]
    [InlineData("""{"model":"m","messages":{}}""", "messages")]
    [InlineData("""{"model":"m","messages":[1]}""", "messages[0]")]
    [InlineData("""{"model":"m","messages":[{"role":"robot"}]}""", "messages[0].role")]
    [InlineData("""{"model":"m","messages":[{"content":"a"}]}""", "messages[0].role")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":5}]}]}""", "messages[0].content[0].text")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"\ud800"}]}""", "messages[0].content")]
    [InlineData("""{"model":"m","messages":[],"max_tokens":"many"}""", "max_tokens")]
    [InlineData("""{"model":"m","messages":[],"temperature":1e999}""", "temperature")]
    [InlineData("""{"model":"m","messages":[],"reasoning_effort":"extreme"}""", "reasoning_effort")]
    public void A_malformed_body_is_named_where_it_is_wrong(string body, string field)
    {
        var issue = Run.Refusal(OpenAiChat, Anthropic, body);
        issue.Fault.ShouldBe(TranslationFault.Malformed);
        issue.Field.ShouldBe(field);
        issue.Message.ShouldNotBeEmpty();
    }

    [Fact]
    public void What_changes_no_meaning_is_left_out() => // behaviour.md §3.3: logprobs and logit_bias may be
        Run.Text(Run.Body(OpenAiChat, Anthropic, $$$"""{"model":"m","messages":[{{{User}}}],"logprobs":true,"top_logprobs":3,"logit_bias":{"1":2},"seed":1,"store":false,"n":1,"metadata":{}}"""))
            .ShouldBe("""{"model":"m","max_tokens":4096,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]}""");

    private static void ShouldBe(TranslationIssue issue, string field)
    {
        issue.Field.ShouldBe(field);
        issue.Fault.ShouldBe(TranslationFault.Unsupported);
        issue.Message.ShouldContain(field);
    }
}
