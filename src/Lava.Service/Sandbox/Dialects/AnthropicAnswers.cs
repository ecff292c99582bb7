using System.Text;
using System.Text.Json.Nodes;
using Lava.Core.Translation.Bedrock;

namespace Lava.Service.Sandbox.Dialects;

/// <summary>Messages in Anthropic's shape (docs.anthropic.com/en/api/messages).</summary>
internal static class AnthropicAnswers
{
    public static SandboxReply Message(SandboxCall call)
    {
        var stop = call.Calls.Count > 0 ? "tool_use" : call.IsCut ? "max_tokens" : "end_turn";
        if (call.IsStream && call.Dialect == SandboxDialect.Bedrock)
        {
            return new SandboxReply(200, EventStreamFrame.ContentType, Chunks(call, stop))
            {
                StreamError = BedrockFrames.Exception("modelStreamErrorException", new JsonObject { ["message"] = SandboxErrors.MidStream }),
            };
        }

        if (call.IsStream)
        {
            return SandboxReply.Events(
                Events(call, stop),
                SandboxReply.Event(SandboxErrors.Body(SandboxDialect.Anthropic, 529, SandboxErrors.MidStream), "error"));
        }

        var content = new JsonArray();
        if (call.ShowsThoughts) content.Add((JsonNode)Thinking(Thoughts(call), SandboxThoughts.Sign(Thoughts(call))));
        if (call.HasText) content.Add((JsonNode)new JsonObject { ["type"] = "text", ["text"] = call.AnswerText });
        foreach (var made in call.Calls) content.Add((JsonNode)ToolUse(call, made, (JsonObject)made.Arguments.DeepClone()));
        return SandboxReply.Json(Envelope(call, content, stop, call.OutputTokens));
    }

    public static SandboxReply Count(SandboxCall call) => SandboxReply.Json(new JsonObject { ["input_tokens"] = call.InputTokens });

    /// <summary>The events as Bedrock's InvokeModelWithResponseStream wraps them: the data of each in base64, without pings.</summary>
    private static IEnumerable<byte[]> Chunks(SandboxCall call, string stop)
    {
        foreach (var written in Events(call, stop))
        {
            var lines = Encoding.UTF8.GetString(written);
            var data = lines[(lines.IndexOf("data: ", StringComparison.Ordinal) + 6)..].TrimEnd('\n');
            if (data == """{"type":"ping"}""") continue;
            yield return BedrockFrames.Event("chunk", new JsonObject { ["bytes"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(data)) });
        }
    }

    private static IEnumerable<byte[]> Events(SandboxCall call, string stop)
    {
        yield return Event(
            "message_start",
            new JsonObject { ["type"] = "message_start", ["message"] = Envelope(call, [], null, Math.Min(1, call.OutputTokens)) });
        var index = 0;
        if (call.ShowsThoughts)
        {
            yield return Start(Thinking("", ""));
            var delta = Template($$"""{"type":"thinking_delta","thinking":"{{ChunkTemplate.Hole}}"}""");
            for (var word = 0L; word < call.ReasoningTokens && Thoughts(call).Length > 0; word++)
                yield return delta.Fill(SandboxJson.Inner(SandboxThoughts.Word(word)));
            yield return Template($$"""{"type":"signature_delta","signature":"{{SandboxThoughts.Sign(Thoughts(call))}}"}""").Fill();
            yield return Stop();
        }

        if (call.HasText)
        {
            yield return Start(new JsonObject { ["type"] = "text", ["text"] = "" });
            if (index == 0) yield return Ping();
            var delta = Template($$"""{"type":"text_delta","text":"{{ChunkTemplate.Hole}}"}""");
            for (var word = 0L; word < call.WordCount; word++) yield return delta.Fill(call.Words.Json(word));
            yield return Stop();
        }

        foreach (var made in call.Calls)
        {
            yield return Start(ToolUse(call, made, []));
            if (index == 0) yield return Ping();
            var delta = Template($$"""{"type":"input_json_delta","partial_json":"{{ChunkTemplate.Hole}}"}""");
            foreach (var piece in made.Pieces()) yield return delta.Fill(SandboxJson.Inner(piece));
            yield return Stop();
        }

        var last = new JsonObject { ["type"] = "message_delta", ["delta"] = new JsonObject { ["stop_reason"] = stop, ["stop_sequence"] = null } };
        if (call.HasUsage)
        {
            last["usage"] = new JsonObject
            {
                ["input_tokens"] = PlainInput(call),
                ["cache_creation_input_tokens"] = call.CacheWriteTokens,
                ["cache_read_input_tokens"] = call.CachedTokens,
                ["output_tokens"] = call.OutputTokens,
            };
        }

        yield return Event("message_delta", last);
        yield return Event("message_stop", new JsonObject { ["type"] = "message_stop" });

        static byte[] Event(string name, JsonObject data) => SandboxReply.Event(data, name);

        static byte[] Ping() => Event("ping", new JsonObject { ["type"] = "ping" });

        byte[] Start(JsonObject block) =>
            Event("content_block_start", new JsonObject { ["type"] = "content_block_start", ["index"] = index, ["content_block"] = block });

        byte[] Stop() => Event("content_block_stop", new JsonObject { ["type"] = "content_block_stop", ["index"] = index++ });

        ChunkTemplate Template(string delta) =>
            new(SandboxReply.EventText($$"""{"type":"content_block_delta","index":{{index}},"delta":{{delta}}}""", "content_block_delta"));
    }

    private static string Thoughts(SandboxCall call) =>
        SandboxThoughts.AreOmitted(call.Json, call.HidesThoughts) ? "" : SandboxThoughts.First(call.ReasoningTokens);

    private static JsonObject Thinking(string text, string signature) => new() { ["type"] = "thinking", ["thinking"] = text, ["signature"] = signature };

    private static JsonObject ToolUse(SandboxCall call, SandboxToolCall made, JsonObject input) =>
        new() { ["type"] = "tool_use", ["id"] = call.Id("toolu_01", 22, made.Index), ["name"] = made.Name, ["input"] = input };

    private static JsonObject Envelope(SandboxCall call, JsonArray content, string? stop, long output)
    {
        var message = new JsonObject
        {
            ["model"] = call.Model,
            ["id"] = call.Id("msg_01", 22),
            ["type"] = "message",
            ["role"] = "assistant",
            ["content"] = content,
            ["stop_reason"] = stop,
            ["stop_sequence"] = null,
        };
        if (!call.HasUsage) return message;
        message["usage"] = new JsonObject
        {
            ["input_tokens"] = PlainInput(call),
            ["cache_creation_input_tokens"] = call.CacheWriteTokens,
            ["cache_read_input_tokens"] = call.CachedTokens,
            ["cache_creation"] = new JsonObject
            {
                ["ephemeral_5m_input_tokens"] = call.CacheWriteTokens - call.CacheWriteLongTokens, ["ephemeral_1h_input_tokens"] = call.CacheWriteLongTokens,
            },
            ["output_tokens"] = output,
            ["service_tier"] = "standard",
        };
        return message;
    }

    /// <summary>Anthropic counts what a cache gave or took beside the rest of the prompt, not in it.</summary>
    private static long PlainInput(SandboxCall call) => call.InputTokens - call.CachedTokens - call.CacheWriteTokens;
}
