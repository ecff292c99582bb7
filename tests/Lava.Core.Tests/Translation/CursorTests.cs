using System.Text;
using System.Text.Json;
using static Lava.Core.Catalogue.WireFormat;

namespace Lava.Core.Tests.Translation;

/// <summary>Bodies as Cursor sends them to <c>/chat/completions</c> of a base address of one's own, from what its users and other gateways have told of it in public: its agent asks for
/// a response there and reads chunks of a chat, its ask mode mixes tools of both formats, and both read every call as one of a function.</summary>
public sealed class CursorTests
{
    private const string Patch = "*** Begin Patch\n*** Update File: src/app.ts\n@@\n-const a = \"x\";\n+const a = `\\u{1F600} 😀`;\n*** End Patch";

    private const string PatchTool = """
        {"type":"custom","name":"ApplyPatch","description":"Use this tool to edit files.\nThis is a FREEFORM tool, so do not wrap the patch in JSON.","format":{"type":"grammar","syntax":"lark","definition":"start: begin_patch hunk end_patch\nbegin_patch: \"*** Begin Patch\" LF\n"}}
        """;

    private const string ReadTool = """
        {"type":"function","name":"ReadFile","description":"Reads a file.","parameters":{"type":"object","properties":{"path":{"type":"string"},"limit":{"type":"integer"}},"required":["path"]},"strict":false}
        """;

    private const string Agent = """
        {"user":"google-oauth2|1","model":"m","stream":true,"stream_options":{"include_usage":true},"reasoning":{"effort":"medium","summary":"auto"},"text":{"verbosity":"medium"},"include":["reasoning.encrypted_content"],
        "store":false,"prompt_cache_key":"c","max_output_tokens":900,"tool_choice":"auto","tools":[READ,PATCH],
        "input":[{"role":"system","content":"You are an AI coding assistant, powered by m."},{"role":"user","content":[{"type":"input_text","text":"<user_query>\nFix app.ts\n</user_query>"}]}MORE]}
        """;

    private const string Ask = """
        {"model":"m","stream":true,"stream_options":{"include_usage":true},"temperature":0,"tools":[{"type":"function","function":{"name":"Shell","description":"Runs it.","parameters":{"type":"object","properties":{"command":{"type":"string"}},"required":["command"]}}},READ,PATCH],
        "messages":[{"role":"system","content":"You are an AI coding assistant, powered by m."},{"role":"user","content":[{"type":"text","text":"Fix app.ts"}]}MORE]}
        """;

    private static readonly string AgentSecond = Fill(Agent, $$$"""
        ,{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"x"},{"type":"function_call","call_id":"call_A","name":"ApplyPatch","arguments":{{{Quote(Patch)}}}},{"type":"function_call_output","call_id":"call_A","output":"Applied."}
        """);

    private static readonly string AskSecond = Fill(Ask, $$$"""
        ,{"role":"assistant","content":null,"tool_calls":[{"id":"call_A","type":"function","function":{"name":"ApplyPatch","arguments":{{{Quote(Patch)}}}}}]},{"role":"tool","tool_call_id":"call_A","content":"Applied."}
        """);

    public static TheoryData<string, string> Modes => new() { { Fill(Agent, ""), AgentSecond }, { Fill(Ask, ""), AskSecond } };

    private static readonly string Wrapped = JsonSerializer.Serialize(new Dictionary<string, string> { ["input"] = Patch });

    [Theory]
    [MemberData(nameof(Modes))]
    public void Every_providers_call_reaches_Cursor_as_one_of_a_function_with_the_patch_as_it_is(string first, string second)
    {
        foreach (var provider in Run.Formats)
        {
            var request = Run.Request(OpenAiChat, provider, first);
            request.Stream.ShouldBeTrue();
            var bytes = Run.Stream(request, Calls.Stream(provider, "ApplyPatch", Wrapped, 6));
            Calls.OfStream(OpenAiChat, bytes).ShouldBe([("function", "ApplyPatch", Patch)], $"{provider}: {Encoding.UTF8.GetString(bytes)}");
            var chunks = Seen.Data(bytes);
            chunks[..^1].ShouldAllBe(data => JsonElement.Parse(data).GetProperty("object").GetString() == "chat.completion.chunk");
            JsonElement.Parse(chunks[^2]).GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBe(2);
            JsonElement.Parse(chunks[^3]).GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("tool_calls");
            Run.Stream(request, Calls.Stream(provider, "ApplyPatch", Wrapped, 6), [.. Enumerable.Range(0, Calls.Stream(provider, "ApplyPatch", Wrapped, 6).Length)]).ShouldBe(bytes);
            Calls.OfAnswer(OpenAiChat, Run.Answer(request, Calls.Answer(provider, "ApplyPatch", Wrapped))).ShouldBe([("function", "ApplyPatch", Patch)]);

            var final = Run.Stream(Run.Request(OpenAiChat, provider, second), Samples.Stream(provider));
            Seen.OfStream(OpenAiChat, final).ShouldBe("""Let me look.|weather{"city":"Zürich"}|tool_calls|30/10/12""", provider.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void The_call_that_Cursor_sends_back_carries_the_patch_as_the_provider_takes_it(string first, string second)
    {
        Run.Body(OpenAiChat, Anthropic, first).GetProperty("messages").GetArrayLength().ShouldBe(1);
        var anthropic = Run.Body(OpenAiChat, Anthropic, second).GetProperty("messages");
        anthropic.EnumerateArray().Select(message => message.GetProperty("role").GetString()).ShouldBe(["user", "assistant", "user"]);
        Run.Text(anthropic[1].GetProperty("content")).ShouldBe($$$"""[{"type":"tool_use","id":"call_A","name":"ApplyPatch","input":{{{Relaxed(Wrapped)}}}}]""");
        Run.Text(anthropic[2].GetProperty("content")[0]).ShouldBe("""{"type":"tool_result","tool_use_id":"call_A","content":[{"type":"text","text":"Applied."}]}""");
        Run.Text(Run.Body(OpenAiChat, Gemini, second).GetProperty("contents")[1].GetProperty("parts")[0].GetProperty("functionCall")).ShouldBe($$$"""{"name":"ApplyPatch","args":{{{Relaxed(Wrapped)}}}}""");
        Run.Text(Run.Body(OpenAiChat, BedrockConverse, second).GetProperty("messages")[1].GetProperty("content")[0].GetProperty("toolUse").GetProperty("input")).ShouldBe(Relaxed(Wrapped));
        var call = Run.Body(OpenAiChat, OpenAiChat, second).GetProperty("messages")[2].GetProperty("tool_calls")[0];
        JsonElement.Parse(call.GetProperty("function").GetProperty("arguments").GetString()!).GetProperty("input").GetString().ShouldBe(Patch);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void OpenAI_itself_gets_its_custom_tools_and_their_calls(string first, string second)
    {
        var openAi = Run.Options with { Model = "gpt-5.1", HasCustomTools = true };
        var responses = Run.Body(OpenAiChat, OpenAiResponses, second, openAi);
        Run.Text(responses.GetProperty("tools").EnumerateArray().Last()).ShouldBe(Relaxed(PatchTool));
        Run.Text(responses.GetProperty("input")[1]).ShouldBe($$$"""{"type":"custom_tool_call","call_id":"call_A","name":"ApplyPatch","input":{{{Relaxed(Quote(Patch))}}}}""");
        Run.Text(responses.GetProperty("input")[2]).ShouldBe("""{"type":"custom_tool_call_output","call_id":"call_A","output":"Applied."}""");
        Run.Body(OpenAiChat, OpenAiChat, second, openAi).GetProperty("messages")[2].GetProperty("tool_calls")[0].GetProperty("custom").GetProperty("input").GetString().ShouldBe(Patch);
        foreach (var provider in new[] { OpenAiChat, OpenAiResponses })
        {
            var request = Run.Request(OpenAiChat, provider, first, openAi);
            Calls.OfStream(OpenAiChat, Run.Stream(request, Calls.CustomStream(provider, "ApplyPatch", Patch, 5))).ShouldBe([("function", "ApplyPatch", Patch)]);
            Calls.OfAnswer(OpenAiChat, Run.Answer(request, Calls.CustomAnswer(provider, "ApplyPatch", Patch))).ShouldBe([("function", "ApplyPatch", Patch)]);
        }
    }

    [Fact]
    public void What_the_agent_asks_for_is_read_as_of_a_response_and_usage_as_of_a_chat()
    {
        var body = Run.Body(OpenAiChat, OpenAiResponses, Fill(Agent, ""), Run.Options with { Model = "gpt-5" });
        body.GetProperty("instructions").GetString().ShouldBe("You are an AI coding assistant, powered by m.");
        body.GetProperty("max_output_tokens").GetInt32().ShouldBe(900);
        body.GetProperty("reasoning").GetProperty("effort").GetString().ShouldBe("medium");
        body.TryGetProperty("stream_options", out _).ShouldBeFalse();
        Run.Text(body.GetProperty("tools")[0]).ShouldBe(Relaxed(ReadTool));
        var silent = Run.Stream(Run.Request(OpenAiChat, Anthropic, Fill(Agent, "").Replace("\"include_usage\":true", "\"include_usage\":false", StringComparison.Ordinal)), Samples.Stream(Anthropic));
        Encoding.UTF8.GetString(silent).ShouldNotContain("usage");
        Run.Body(OpenAiChat, Anthropic, Fill(Agent, "").Replace("max_output_tokens", "max_tokens", StringComparison.Ordinal).Replace("\"medium\",\"summary\"", "\"none\",\"summary\"", StringComparison.Ordinal)).GetProperty("max_tokens").GetInt32().ShouldBe(900);
    }

    [Theory]
    [InlineData("""{"model":"m","input":"Hi"}""")]
    [InlineData("""{"model":"m","input":"Hi","messages":[]}""")]
    [InlineData("""{"model":"m","input":"Hi","messages":null}""")]
    [InlineData("""{"model":"m","input":["no messages"],"messages":[{"role":"user","content":"Hi"}]}""")]
    public void A_body_is_of_a_response_only_without_messages(string body) =>
        Run.Body(OpenAiChat, Anthropic, body).GetProperty("messages")[0].GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("Hi");

    [Fact]
    public void What_is_wrong_is_named_as_the_body_has_it()
    {
        Run.Refusal(OpenAiChat, Anthropic, """{"model":"m","input":[{"type":"function_call_output","output":"1"}]}""").Field.ShouldBe("input[0].call_id");
        Run.Refusal(OpenAiChat, Gemini, """{"model":"m","input":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}""").Field.ShouldBe("input");
        Run.Refusal(OpenAiChat, Anthropic, """{"model":"m"}""").Field.ShouldBe("messages");
        Run.Refusal(OpenAiChat, Anthropic, """{"model":"m","input":"q","tools":[{"type":"web_search"}]}""").Field.ShouldBe("tools[0].type");
    }

    /// <summary>For models with Claude's name it has sent tools, calls and their answers in Anthropic's form.</summary>
    [Fact]
    public void Tools_and_blocks_of_Anthropics_form_in_a_chat_are_read_as_what_they_are()
    {
        const string Body = """
            {"model":"m","tools":[{"name":"Read","description":"Reads.","input_schema":{"type":"object","properties":{"path":{"type":"string"}}}}],"tool_choice":{"type":"auto"},
            "messages":[{"role":"user","content":[{"type":"text","text":"q"}]},{"role":"assistant","content":[{"type":"text","text":"a"},{"type":"tool_use","id":"toolu_1","name":"Read","input":{"path":"x"}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"X"}]},{"type":"text","text":"r"}]}]}
            """;
        var chat = Run.Body(OpenAiChat, OpenAiChat, Body);
        Run.Text(chat.GetProperty("tools")).ShouldBe("""[{"type":"function","function":{"name":"Read","description":"Reads.","parameters":{"type":"object","properties":{"path":{"type":"string"}}}}}]""");
        chat.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("role").GetString()).ShouldBe(["user", "assistant", "tool", "user"]);
        Run.Text(chat.GetProperty("messages")[1].GetProperty("tool_calls")).ShouldBe("""[{"id":"toolu_1","type":"function","function":{"name":"Read","arguments":"{\"path\":\"x\"}"}}]""");
        chat.GetProperty("tool_choice").GetString().ShouldBe("auto");
        var anthropic = Run.Body(OpenAiChat, Anthropic, Body).GetProperty("messages");
        Run.Text(anthropic[2].GetProperty("content")[0]).ShouldBe("""{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"X"}]}""");
        Run.Body(OpenAiChat, Anthropic, Body.Replace("\"auto\"", "\"tool\",\"name\":\"Read\"", StringComparison.Ordinal)).GetProperty("tool_choice").GetProperty("name").GetString().ShouldBe("Read");
    }

    private static string Fill(string body, string more) =>
        body.Replace("READ", ReadTool, StringComparison.Ordinal).Replace("PATCH", PatchTool, StringComparison.Ordinal).Replace("MORE", more, StringComparison.Ordinal);

    private static string Quote(string text) => JsonSerializer.Serialize(text);

    private static string Relaxed(string json) => Run.Text(JsonElement.Parse(json));
}
