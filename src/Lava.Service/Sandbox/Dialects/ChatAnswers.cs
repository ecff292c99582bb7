using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lava.Service.Sandbox.Dialects;

/// <summary>Chat completions in OpenAI's shape (platform.openai.com/docs/api-reference/chat).</summary>
internal static class ChatAnswers
{
    private const string Fingerprint = "fp_sandbox";

    public static SandboxReply Reply(SandboxCall call)
    {
        var finish = call.Tool is not null ? "tool_calls" : call.IsCut ? "length" : "stop";
        if (call.IsStream)
            return SandboxReply.Events(Chunks(call, finish), SandboxReply.Event(SandboxErrors.Body(SandboxDialect.OpenAi, 500, SandboxErrors.MidStream)));
        var choices = new JsonArray();
        for (var i = 0L; i < call.Choices; i++)
        {
            var message = new JsonObject
            {
                ["role"] = "assistant",
                ["content"] = call.Tool is null ? call.AnswerText : null,
                ["refusal"] = null,
                ["annotations"] = new JsonArray(),
            };
            if (call.Tool is { } tool) message["tool_calls"] = new JsonArray(ToolCall(call, tool, tool.Input));
            choices.Add((JsonNode)new JsonObject { ["index"] = i, ["message"] = message, ["logprobs"] = null, ["finish_reason"] = finish });
        }

        var body = Envelope(call, "chat.completion");
        body["choices"] = choices;
        if (call.HasUsage) body["usage"] = Usage(call);
        body["service_tier"] = "default";
        body["system_fingerprint"] = Fingerprint;
        return SandboxReply.Json(body);
    }

    private static IEnumerable<byte[]> Chunks(SandboxCall call, string finish)
    {
        var asksForUsage = call.HasUsage
            && call.Member("stream_options") is { } options
            && options.TryGetProperty("include_usage", out var flag)
            && flag.ValueKind == JsonValueKind.True;
        var head = $$"""{"id":"{{Id(call)}}","object":"chat.completion.chunk","created":{{call.Created}},"model":{{SandboxJson.Quote(call.Model)}}"""
            + $$""","service_tier":"default","system_fingerprint":"{{Fingerprint}}","choices":[""";
        var usage = asksForUsage ? ",\"usage\":null" : "";
        var part = $$$"""{"index":{{{ChunkTemplate.Hole}}},"delta":{{{{ChunkTemplate.Hole}}}},"logprobs":null,"finish_reason":{{{ChunkTemplate.Hole}}}}""";
        var template = new ChunkTemplate(SandboxReply.EventText($$$"""{{{head}}}{{{part}}}]{{{usage}}}}"""));
        var text = new ChunkTemplate($$"""{"content":"{{ChunkTemplate.Hole}}"}"""[1..^1]);
        var running = "null"u8.ToArray();
        for (var choice = 0L; choice < call.Choices; choice++)
        {
            var index = SandboxJson.Number(choice);
            var start = new JsonObject { ["role"] = "assistant", ["content"] = call.Tool is null ? "" : null };
            if (call.Tool is { } tool)
            {
                var first = ToolCall(call, tool, "");
                first.Insert(0, "index", 0);
                start["tool_calls"] = new JsonArray(first);
            }

            start["refusal"] = null;
            yield return template.Fill(index, SandboxJson.Bytes(start)[1..^1], running);
            if (call.Tool is { } called)
            {
                var delta = $$$"""{"tool_calls":[{"index":0,"{{{Type(called)}}}":{"{{{Member(called)}}}":"{{{ChunkTemplate.Hole}}}"}}]}""";
                var arguments = new ChunkTemplate(delta[1..^1]);
                foreach (var piece in called.Pieces()) yield return template.Fill(index, arguments.Fill(SandboxJson.Inner(piece)), running);
            }
            else
            {
                for (var word = 0L; word < call.WordCount; word++) yield return template.Fill(index, text.Fill(call.Words.Json(word)), running);
            }

            yield return template.Fill(index, [], SandboxJson.Bytes(finish));
        }

        if (asksForUsage) yield return SandboxReply.Event(head + "],\"usage\":" + SandboxJson.Text(Usage(call)) + "}");
        yield return SandboxReply.Event("[DONE]");
    }

    private static JsonObject Envelope(SandboxCall call, string type) =>
        new() { ["id"] = Id(call), ["object"] = type, ["created"] = call.Created, ["model"] = call.Model };

    private static string Id(SandboxCall call) => call.Id("chatcmpl-", 29);

    private static JsonObject ToolCall(SandboxCall call, SandboxTool tool, string arguments) => new()
    {
        ["id"] = call.Id("call_", 24), ["type"] = Type(tool), [Type(tool)] = new JsonObject { ["name"] = tool.Name, [Member(tool)] = arguments },
    };

    private static string Type(SandboxTool tool) => tool.IsCustom ? "custom" : "function";

    private static string Member(SandboxTool tool) => tool.IsCustom ? "input" : "arguments";

    private static JsonObject Usage(SandboxCall call)
    {
        var output = call.OutputTokens * call.Choices;
        var details = new JsonObject { ["cached_tokens"] = call.CachedTokens, ["audio_tokens"] = 0 };

        // OpenAI has no price for writing to its cache; hosts that imitate it and have one say so here.
        if (call.CacheWriteTokens > 0) details["cache_write_tokens"] = call.CacheWriteTokens;
        return new JsonObject
        {
            ["prompt_tokens"] = call.InputTokens,
            ["completion_tokens"] = output,
            ["total_tokens"] = call.InputTokens + output,
            ["prompt_tokens_details"] = details,
            ["completion_tokens_details"] = new JsonObject
            {
                ["reasoning_tokens"] = call.ReasoningTokens * call.Choices,
                ["audio_tokens"] = 0,
                ["accepted_prediction_tokens"] = 0,
                ["rejected_prediction_tokens"] = 0,
            },
        };
    }
}
