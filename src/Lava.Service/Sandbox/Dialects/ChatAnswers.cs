using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lava.Service.Sandbox.Dialects;

/// <summary>Chat completions in OpenAI's shape (platform.openai.com/docs/api-reference/chat).</summary>
internal static class ChatAnswers
{
    private const string Fingerprint = "fp_sandbox";

    public static SandboxReply Reply(SandboxCall call)
    {
        var finish = call.Calls.Count > 0 ? "tool_calls" : call.IsCut ? "length" : "stop";
        if (call.IsStream)
            return SandboxReply.Events(Chunks(call, finish), SandboxReply.Event(SandboxErrors.Body(SandboxDialect.OpenAi, 500, SandboxErrors.MidStream)));
        var choices = new JsonArray();
        for (var i = 0L; i < call.Choices; i++)
        {
            var message = new JsonObject
            {
                ["role"] = "assistant",
                ["content"] = call.HasText ? call.AnswerText : null,
                ["refusal"] = null,
                ["annotations"] = new JsonArray(),
            };
            if (call.ShowsThoughts) message["reasoning_content"] = SandboxThoughts.First(call.ReasoningTokens);
            if (call.Calls.Count > 0) message["tool_calls"] = new JsonArray([.. call.Calls.Select(made => ToolCall(call, made, made.Input))]);
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
            // A first call without words or thoughts before it comes with the role.
            var startsWithCall = !call.HasText && !call.ShowsThoughts;
            var start = new JsonObject { ["role"] = "assistant", ["content"] = startsWithCall ? null : "" };
            if (startsWithCall) start["tool_calls"] = Beginning(call, call.Calls[0]);
            start["refusal"] = null;
            yield return template.Fill(index, SandboxJson.Bytes(start)[1..^1], running);
            for (var word = 0L; word < call.ReasoningTokens && call.ShowsThoughts; word++)
            {
                var thought = new JsonObject { ["reasoning_content"] = SandboxThoughts.Word(word) };
                yield return template.Fill(index, SandboxJson.Bytes(thought)[1..^1], running);
            }

            for (var word = 0L; word < call.WordCount; word++) yield return template.Fill(index, text.Fill(call.Words.Json(word)), running);
            foreach (var made in call.Calls)
            {
                if (made.Index > 0 || !startsWithCall)
                    yield return template.Fill(index, SandboxJson.Bytes(new JsonObject { ["tool_calls"] = Beginning(call, made) })[1..^1], running);
                var delta = $$$"""{"tool_calls":[{"index":{{{made.Index}}},"{{{Type(made)}}}":{"{{{Member(made)}}}":"{{{ChunkTemplate.Hole}}}"}}]}""";
                var arguments = new ChunkTemplate(delta[1..^1]);
                foreach (var piece in made.Pieces()) yield return template.Fill(index, arguments.Fill(SandboxJson.Inner(piece)), running);
            }

            yield return template.Fill(index, [], SandboxJson.Bytes(finish));
        }

        if (asksForUsage) yield return SandboxReply.Event(head + "],\"usage\":" + SandboxJson.Text(Usage(call)) + "}");
        yield return SandboxReply.Event("[DONE]");
    }

    private static JsonObject Envelope(SandboxCall call, string type) =>
        new() { ["id"] = Id(call), ["object"] = type, ["created"] = call.Created, ["model"] = call.Model };

    private static string Id(SandboxCall call) => call.Id("chatcmpl-", 29);

    /// <summary>How a call begins in a stream.</summary>
    private static JsonArray Beginning(SandboxCall call, SandboxToolCall made)
    {
        var first = ToolCall(call, made, "");
        first.Insert(0, "index", made.Index);
        return [first];
    }

    private static JsonObject ToolCall(SandboxCall call, SandboxToolCall made, string arguments) => new()
    {
        ["id"] = call.Id("call_", 24, made.Index),
        ["type"] = Type(made),
        [Type(made)] = new JsonObject { ["name"] = made.Name, [Member(made)] = arguments },
    };

    private static string Type(SandboxToolCall made) => made.IsCustom ? "custom" : "function";

    private static string Member(SandboxToolCall made) => made.IsCustom ? "input" : "arguments";

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
