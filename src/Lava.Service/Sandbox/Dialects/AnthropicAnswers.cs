using System.Text.Json.Nodes;

namespace Lava.Service.Sandbox.Dialects;

/// <summary>Messages in Anthropic's shape (docs.anthropic.com/en/api/messages).</summary>
internal static class AnthropicAnswers
{
    public static SandboxReply Message(SandboxCall call)
    {
        var stop = call.Tool is not null ? "tool_use" : call.IsCut ? "max_tokens" : "end_turn";
        if (call.IsStream)
        {
            return SandboxReply.Events(
                Events(call, stop),
                SandboxReply.Event(SandboxErrors.Body(SandboxDialect.Anthropic, 529, SandboxErrors.MidStream), "error"));
        }
        var content = call.Tool is { } tool
            ? ToolUse(call, tool, (JsonObject)tool.Arguments.DeepClone())
            : new JsonObject { ["type"] = "text", ["text"] = call.AnswerText };
        return SandboxReply.Json(Envelope(call, new JsonArray(content), stop, call.OutputTokens));
    }

    public static SandboxReply Count(SandboxCall call) => SandboxReply.Json(new JsonObject { ["input_tokens"] = call.InputTokens });

    private static IEnumerable<byte[]> Events(SandboxCall call, string stop)
    {
        yield return Event(
            "message_start",
            new JsonObject { ["type"] = "message_start", ["message"] = Envelope(call, [], null, Math.Min(1, call.OutputTokens)) });
        var block = call.Tool is { } called ? ToolUse(call, called, []) : new JsonObject { ["type"] = "text", ["text"] = "" };
        yield return Event("content_block_start", new JsonObject { ["type"] = "content_block_start", ["index"] = 0, ["content_block"] = block });
        yield return Event("ping", new JsonObject { ["type"] = "ping" });
        if (call.Tool is { } tool)
        {
            var delta = Template($$"""{"type":"input_json_delta","partial_json":"{{ChunkTemplate.Hole}}"}""");
            foreach (var piece in tool.Pieces()) yield return delta.Fill(SandboxJson.Inner(piece));
        }
        else
        {
            var delta = Template($$"""{"type":"text_delta","text":"{{ChunkTemplate.Hole}}"}""");
            for (var word = 0L; word < call.WordCount; word++) yield return delta.Fill(call.Words.Json(word));
        }

        yield return Event("content_block_stop", new JsonObject { ["type"] = "content_block_stop", ["index"] = 0 });
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

        static ChunkTemplate Template(string delta) =>
            new(SandboxReply.EventText($$"""{"type":"content_block_delta","index":0,"delta":{{delta}}}""", "content_block_delta"));
    }

    private static JsonObject ToolUse(SandboxCall call, SandboxTool tool, JsonObject input) =>
        new() { ["type"] = "tool_use", ["id"] = call.Id("toolu_01", 22), ["name"] = tool.Name, ["input"] = input };

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
