using System.Text.Json.Nodes;

namespace Lava.Service.Sandbox;

/// <summary>Messages in Anthropic's shape (docs.anthropic.com/en/api/messages).</summary>
internal static class AnthropicAnswers
{
    public static SandboxReply Message(SandboxCall call)
    {
        var tool = call.ToolToCall();
        var stop = tool is not null ? "tool_use" : call.IsCut ? "max_tokens" : "end_turn";
        if (!call.IsStream)
        {
            JsonNode content = tool is null
                ? new JsonObject { ["type"] = "text", ["text"] = call.AnswerText() }
                : new JsonObject { ["type"] = "tool_use", ["id"] = "toolu_sandbox", ["name"] = tool, ["input"] = new JsonObject { ["city"] = "Reykjavík" } };
            return SandboxReply.Json(Envelope(call, new JsonArray(content), stop, call.OutputTokens));
        }

        return SandboxReply.Events(Events(call, tool, stop), SandboxReply.Event(ErrorBody(529, "The sandbox was asked to fail here."), "error"));
    }

    public static SandboxReply Count(SandboxCall call) => SandboxReply.Json(new JsonObject { ["input_tokens"] = call.InputTokens });

    public static JsonObject ErrorBody(int status, string message) => new()
    {
        ["type"] = "error",
        ["error"] = new JsonObject
        {
            ["type"] = status switch { 400 => "invalid_request_error", 401 => "authentication_error", 403 => "permission_error", 404 => "not_found_error", 429 => "rate_limit_error", 529 => "overloaded_error", _ => "api_error" },
            ["message"] = message,
        },
        ["request_id"] = "req_sandbox",
    };

    private static IEnumerable<byte[]> Events(SandboxCall call, string? tool, string stop)
    {
        yield return Event("message_start", new JsonObject { ["type"] = "message_start", ["message"] = Envelope(call, [], null, 1) });
        JsonObject block = tool is null
            ? new JsonObject { ["type"] = "text", ["text"] = "" }
            : new JsonObject { ["type"] = "tool_use", ["id"] = "toolu_sandbox", ["name"] = tool, ["input"] = new JsonObject() };
        yield return Event("content_block_start", new JsonObject { ["type"] = "content_block_start", ["index"] = 0, ["content_block"] = block });
        yield return Event("ping", new JsonObject { ["type"] = "ping" });
        if (tool is not null) yield return Delta(new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = "{\"city\":\"Reykjavík\"}" });
        else
        {
            foreach (var token in call.Tokens()) yield return Delta(new JsonObject { ["type"] = "text_delta", ["text"] = token });
        }

        yield return Event("content_block_stop", new JsonObject { ["type"] = "content_block_stop", ["index"] = 0 });
        var last = new JsonObject { ["type"] = "message_delta", ["delta"] = new JsonObject { ["stop_reason"] = stop, ["stop_sequence"] = null } };
        if (call.HasUsage) last["usage"] = new JsonObject { ["output_tokens"] = call.OutputTokens };
        yield return Event("message_delta", last);
        yield return Event("message_stop", new JsonObject { ["type"] = "message_stop" });

        static byte[] Event(string name, JsonObject data) => SandboxReply.Event(data, name);

        static byte[] Delta(JsonObject delta) => Event("content_block_delta", new JsonObject { ["type"] = "content_block_delta", ["index"] = 0, ["delta"] = delta });
    }

    private static JsonObject Envelope(SandboxCall call, JsonArray content, string? stop, long output)
    {
        var message = new JsonObject
        {
            ["id"] = "msg_sandbox",
            ["type"] = "message",
            ["role"] = "assistant",
            ["model"] = call.Model,
            ["content"] = content,
            ["stop_reason"] = stop,
            ["stop_sequence"] = null,
        };
        if (!call.HasUsage) return message;
        message["usage"] = new JsonObject
        {
            ["input_tokens"] = call.InputTokens - call.CachedTokens - call.CacheWriteTokens,
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
}
