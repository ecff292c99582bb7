using System.Text;
using System.Text.Json;
using Lava.Core.Catalogue;
using static Lava.Core.Catalogue.WireFormat;

namespace Lava.Core.Tests.Translation;

/// <summary>Responses' tools in namespaces and tools among the input's items, as Codex 0.171 sends them. Other formats have neither.</summary>
public sealed class NamespaceTests
{
    private const string Request = """
        {"model":"m","stream":false,"input":[
        {"type":"additional_tools","role":"developer","tools":[{"type":"namespace","name":"functions","description":"","tools":[{"type":"custom","name":"exec","description":"Runs code."}]},
          {"type":"namespace","name":"team","description":"Agents.","tools":[{"type":"function","name":"send","parameters":{"type":"object","properties":{"to":{"type":"string"}}}}]}]},
        {"type":"message","role":"user","content":[{"type":"input_text","text":"Go"}]},
        {"type":"function_call","call_id":"c1","namespace":"team","name":"send","arguments":"{\"to\":\"a\"}"},{"type":"function_call_output","call_id":"c1","output":"ok"},
        {"type":"custom_tool_call","call_id":"c2","namespace":"functions","name":"exec","input":"run()"},{"type":"custom_tool_call_output","call_id":"c2","output":"ran"}],
        "tools":[{"type":"function","name":"send","parameters":{"type":"object","properties":{}}}]}
        """;

    public static TheoryData<WireFormat> Providers => [OpenAiChat, Anthropic, Gemini, BedrockConverse];

    [Fact]
    public void Each_tool_has_a_name_of_its_own_and_its_calls_have_that_name()
    {
        var body = Run.Body(OpenAiResponses, Anthropic, Request);
        var names = body.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()).ToList();
        names.ShouldBe(["send", "functions_exec", "team_send"], ignoreOrder: true);
        var calls = body.GetProperty("messages").EnumerateArray().SelectMany(message => message.GetProperty("content").EnumerateArray())
            .Where(block => block.GetProperty("type").GetString() == "tool_use").ToList();
        calls.Select(call => call.GetProperty("name").GetString()).ShouldBe(["team_send", "functions_exec"]);
        Run.Text(calls[1].GetProperty("input")).ShouldBe("""{"input":"run()"}""");
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void A_call_comes_back_with_its_namespace(WireFormat provider)
    {
        var request = Run.Request(OpenAiResponses, provider, Request);
        var sent = Encoding.UTF8.GetString(request.Body.Span);
        foreach (var name in new[] { "\"functions_exec\"", "\"team_send\"", "\"send\"" }) sent.ShouldContain(name);

        var output = Run.Answer(request, AnswerOf(provider)).GetProperty("output");
        var calls = output.EnumerateArray().Where(item => item.GetProperty("type").GetString() != "message").ToList();
        calls.Select(call => $"{call.GetProperty("type").GetString()} {(call.TryGetProperty("namespace", out var space) ? space.GetString() : "-")} {call.GetProperty("name").GetString()}")
            .ShouldBe(["custom_tool_call functions exec", "function_call team send", "function_call - send"]);
        calls[0].GetProperty("input").GetString().ShouldBe("go()");
    }

    [Fact]
    public void A_streamed_call_too()
    {
        const string Stream = """
            event: message_start
            data: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"usage":{"input_tokens":1,"output_tokens":1}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t1","name":"team_send","input":{}}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"to\":\"b\"}"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":5}}

            event: message_stop
            data: {"type":"message_stop"}


            """;
        var request = Run.Request(OpenAiResponses, Anthropic, Request.Replace("\"stream\":false", "\"stream\":true", StringComparison.Ordinal));
        var events = Encoding.UTF8.GetString(Run.Stream(request, Encoding.UTF8.GetBytes(Stream))).Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal))
            .Select(line => JsonElement.Parse(line[6..])).ToList();
        foreach (var type in new[] { "response.output_item.added", "response.output_item.done" })
        {
            var item = events.Single(data => data.GetProperty("type").GetString() == type).GetProperty("item");
            (item.GetProperty("namespace").GetString(), item.GetProperty("name").GetString()).ShouldBe(("team", "send"));
        }

        events.Single(data => data.GetProperty("type").GetString() == "response.function_call_arguments.done").GetProperty("name").GetString().ShouldBe("send");
    }

    private static string AnswerOf(WireFormat provider) => provider switch
    {
        OpenAiChat => """
            {"id":"x","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"functions_exec","arguments":"{\"input\":\"go()\"}"}},
            {"id":"2","type":"function","function":{"name":"team_send","arguments":"{}"}},{"id":"3","type":"function","function":{"name":"send","arguments":"{}"}}]}}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}
            """,
        Anthropic => """
            {"id":"x","type":"message","role":"assistant","model":"m","stop_reason":"tool_use","content":[{"type":"tool_use","id":"1","name":"functions_exec","input":{"input":"go()"}},
            {"type":"tool_use","id":"2","name":"team_send","input":{}},{"type":"tool_use","id":"3","name":"send","input":{}}],"usage":{"input_tokens":1,"output_tokens":1}}
            """,
        Gemini => """
            {"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"functions_exec","args":{"input":"go()"}}},{"functionCall":{"name":"team_send","args":{}}},{"functionCall":{"name":"send","args":{}}}]},"finishReason":"STOP"}],
            "usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1,"totalTokenCount":2}}
            """,
        _ => """
            {"output":{"message":{"role":"assistant","content":[{"toolUse":{"toolUseId":"1","name":"functions_exec","input":{"input":"go()"}}},{"toolUse":{"toolUseId":"2","name":"team_send","input":{}}},
            {"toolUse":{"toolUseId":"3","name":"send","input":{}}}]}},"stopReason":"tool_use","usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2}}
            """,
    };
}
