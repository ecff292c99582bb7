using System.Text;
using System.Text.Json;
using Lava.Core.Catalogue;
using static Lava.Core.Catalogue.WireFormat;

namespace Lava.Core.Tests.Translation;

/// <summary>Answers of providers that are one call of a tool (of the shapes in <see cref="Samples"/>), and the calls that OpenAI's clients see in an answer.</summary>
public static class Calls
{
    private const string ChatHead = """{"id":"chatcmpl-9","object":"chat.completion.chunk","created":1,"model":"gpt-x","choices":[{"index":0,"delta":""";

    private const string ChatUsage = """{"id":"chatcmpl-9","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""";

    /// <summary>A call of a function.</summary>
    public static string Answer(WireFormat provider, string name, string arguments) => provider switch
    {
        OpenAiChat => $$$"""{"id":"chatcmpl-9","model":"gpt-x","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_7","type":"function","function":{"name":"{{{name}}}","arguments":{{{Quote(arguments)}}}}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""",
        OpenAiResponses => $$$"""{"id":"resp_9","status":"completed","model":"gpt-x","output":[{"id":"fc_1","type":"function_call","call_id":"call_7","name":"{{{name}}}","arguments":{{{Quote(arguments)}}}}],"usage":{"input_tokens":3,"output_tokens":2,"total_tokens":5}}""",
        Anthropic => $$$"""{"id":"msg_9","type":"message","role":"assistant","model":"claude-x","content":[{"type":"tool_use","id":"toolu_7","name":"{{{name}}}","input":{{{arguments}}}}],"stop_reason":"tool_use","usage":{"input_tokens":3,"output_tokens":2}}""",
        Gemini => $$$"""{"candidates":[{"content":{"parts":[{"functionCall":{"name":"{{{name}}}","args":{{{arguments}}}}}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2,"totalTokenCount":5},"responseId":"g9"}""",
        _ => $$$"""{"output":{"message":{"role":"assistant","content":[{"toolUse":{"toolUseId":"tooluse_7","name":"{{{name}}}","input":{{{arguments}}}}}]}},"stopReason":"tool_use","usage":{"inputTokens":3,"outputTokens":2,"totalTokens":5}}""",
    };

    /// <summary>The same as a stream.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="name">The tool.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="length">Characters of them in an event, for the formats that cut them; halves of surrogate pairs go in escapes, as some hosts send them.</param>
    public static byte[] Stream(WireFormat provider, string name, string arguments, int length)
    {
        var pieces = arguments.Chunk(length).Select(piece => Quote(new string(piece))).ToList();
        return provider switch
        {
            OpenAiChat => ChatStream(pieces, $$$"""{"id":"call_7","type":"function","function":{"name":"{{{name}}}","arguments":""}}""", "function", "arguments"),
            OpenAiResponses => ResponsesStream(pieces, $$$"""{"id":"fc_1","type":"function_call","call_id":"call_7","name":"{{{name}}}","arguments":""}""", "response.function_call_arguments"),
            Anthropic => Samples.Events(
            [
                """{"type":"message_start","message":{"id":"msg_9","type":"message","role":"assistant","model":"claude-x","content":[],"usage":{"input_tokens":3,"output_tokens":1}}}""",
                $$$$"""{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"toolu_7","name":"{{{{name}}}}","input":{}}}""",
                .. pieces.Select(piece => $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":{{{piece}}}}}"""),
                """{"type":"content_block_stop","index":0}""",
                """{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":2}}""",
                """{"type":"message_stop"}""",
            ]),
            Gemini => Samples.Events(Answer(Gemini, name, arguments)),
            _ => Samples.Frames(
            [
                ("messageStart", """{"role":"assistant"}"""),
                ("contentBlockStart", $$$$"""{"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"tooluse_7","name":"{{{{name}}}}"}}}"""),
                .. pieces.Select(piece => ("contentBlockDelta", $$$$"""{"contentBlockIndex":0,"delta":{"toolUse":{"input":{{{{piece}}}}}}}""")),
                ("contentBlockStop", """{"contentBlockIndex":0}"""),
                ("messageStop", """{"stopReason":"tool_use"}"""),
                ("metadata", """{"usage":{"inputTokens":3,"outputTokens":2,"totalTokens":5}}"""),
            ]),
        };
    }

    /// <summary>OpenAI's own call of a custom tool.</summary>
    public static string CustomAnswer(WireFormat provider, string name, string text) => provider == OpenAiChat
        ? $$$"""{"id":"chatcmpl-9","model":"gpt-x","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_7","type":"custom","custom":{"name":"{{{name}}}","input":{{{Quote(text)}}}}}]},"finish_reason":"tool_calls"}]}"""
        : $$$"""{"id":"resp_9","status":"completed","model":"gpt-x","output":[{"id":"ctc_1","type":"custom_tool_call","call_id":"call_7","name":"{{{name}}}","input":{{{Quote(text)}}}}]}""";

    /// <summary>The same as a stream.</summary>
    public static byte[] CustomStream(WireFormat provider, string name, string text, int length)
    {
        var pieces = text.Chunk(length).Select(piece => Quote(new string(piece))).ToList();
        return provider == OpenAiChat
            ? ChatStream(pieces, $$$"""{"id":"call_7","type":"custom","custom":{"name":"{{{name}}}","input":""}}""", "custom", "input")
            : ResponsesStream(pieces, $$$"""{"id":"ctc_1","type":"custom_tool_call","call_id":"call_7","name":"{{{name}}}","input":""}""", "response.custom_tool_call_input");
    }

    /// <summary>The calls in an answer to a client of OpenAI's: kind, name, arguments or text.</summary>
    public static List<(string Kind, string Name, string Input)> OfAnswer(WireFormat client, JsonElement body) => client == OpenAiChat
        ? [.. body.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls").EnumerateArray().Select(OfChat)]
        : [.. body.GetProperty("output").EnumerateArray().Where(item => item.GetProperty("type").GetString() != "message").Select(OfItem)];

    /// <summary>The calls in a stream to a client of OpenAI's.</summary>
    public static List<(string Kind, string Name, string Input)> OfStream(WireFormat client, byte[] bytes)
    {
        var events = Seen.Data(bytes);
        if (client == OpenAiResponses) return OfAnswer(client, JsonElement.Parse(events[^1]).GetProperty("response"));
        events[^1].ShouldBe("[DONE]");
        var calls = new List<(string Kind, string Name, string Input)>();
        foreach (var data in events[..^1])
        {
            var choices = JsonElement.Parse(data).GetProperty("choices");
            if (choices.GetArrayLength() == 0 || !choices[0].GetProperty("delta").TryGetProperty("tool_calls", out var deltas)) continue;
            foreach (var delta in deltas.EnumerateArray())
            {
                var index = delta.GetProperty("index").GetInt32();
                if (index == calls.Count)
                {
                    delta.GetProperty("id").GetString().ShouldNotBeNullOrEmpty();
                    calls.Add(OfChat(delta));
                    continue;
                }

                var (kind, name, before) = calls[index];
                delta.TryGetProperty(kind, out var more).ShouldBeTrue();
                calls[index] = (kind, name, before + more.GetProperty(kind == "custom" ? "input" : "arguments").GetString());
            }
        }

        return calls;
    }

    private static (string Kind, string Name, string Input) OfChat(JsonElement call)
    {
        var kind = call.GetProperty("type").GetString()!;
        var tool = call.GetProperty(kind);
        return (kind, tool.GetProperty("name").GetString()!, tool.GetProperty(kind == "custom" ? "input" : "arguments").GetString()!);
    }

    private static (string Kind, string Name, string Input) OfItem(JsonElement item)
    {
        var isCustom = item.GetProperty("type").GetString() == "custom_tool_call";
        return (isCustom ? "custom" : "function", item.GetProperty("name").GetString()!, item.GetProperty(isCustom ? "input" : "arguments").GetString()!);
    }

    private static byte[] ChatStream(List<string> pieces, string first, string kind, string member) => Samples.Events(
    [
        ChatHead + """{"role":"assistant","content":null},"finish_reason":null}]}""",
        ChatHead + $$"""{"tool_calls":[{"index":0,{{first[1..]}}]},"finish_reason":null}]}""",
        .. pieces.Select(piece => ChatHead + $$$"""{"tool_calls":[{"index":0,"{{{kind}}}":{"{{{member}}}":{{{piece}}}}}]},"finish_reason":null}]}"""),
        ChatHead + """{},"finish_reason":"tool_calls"}]}""",
        ChatUsage,
        "[DONE]",
    ]);

    private static byte[] ResponsesStream(List<string> pieces, string item, string kind) => Samples.Events(
    [
        """{"type":"response.created","response":{"id":"resp_9","model":"gpt-x","status":"in_progress","output":[]}}""",
        $$"""{"type":"response.output_item.added","output_index":0,"item":{{item}}}""",
        .. pieces.Select(piece => $$"""{"type":"{{kind}}.delta","output_index":0,"delta":{{piece}}}"""),
        $$"""{"type":"response.output_item.done","output_index":0,"item":{{item}}}""",
        """{"type":"response.completed","response":{"id":"resp_9","model":"gpt-x","status":"completed","usage":{"input_tokens":3,"output_tokens":2,"total_tokens":5}}}""",
    ]);

    /// <summary>A JSON string in ASCII, so that half of a surrogate pair can stand in it.</summary>
    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\') quoted.Append('\\').Append(c);
            else if (c is >= ' ' and < (char)127) quoted.Append(c);
            else quoted.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
        }

        return quoted.Append('"').ToString();
    }
}
