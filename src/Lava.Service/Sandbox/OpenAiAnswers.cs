using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lava.Service.Sandbox;

/// <summary>Chat completions and Responses in OpenAI's shape (platform.openai.com/docs/api-reference).</summary>
internal static class OpenAiAnswers
{
    private const string Id = "chatcmpl-sandbox";
    private const string Arguments = "{\"city\":\"Reykjavík\"}";

    public static SandboxReply Chat(SandboxCall call, long created)
    {
        var tool = call.ToolToCall();
        var finish = tool is not null ? "tool_calls" : call.IsCut ? "length" : "stop";
        if (!call.IsStream)
        {
            var message = new JsonObject { ["role"] = "assistant", ["content"] = tool is null ? call.AnswerText() : null, ["refusal"] = null };
            if (tool is not null) message["tool_calls"] = new JsonArray(ToolCall(tool, Arguments));
            var choices = new JsonArray();
            for (var i = 0L; i < Math.Clamp(call.Whole("n") ?? 1, 1, 16); i++)
                choices.Add((JsonNode)new JsonObject { ["index"] = i, ["message"] = message.DeepClone(), ["logprobs"] = null, ["finish_reason"] = finish });
            var body = new JsonObject { ["id"] = Id, ["object"] = "chat.completion", ["created"] = created, ["model"] = call.Model, ["choices"] = choices };
            if (call.HasUsage) body["usage"] = Usage(call);
            body["system_fingerprint"] = "fp_sandbox";
            return SandboxReply.Json(body);
        }

        var asksForUsage = call.Json.TryGetProperty("stream_options", out var options) && options.ValueKind == JsonValueKind.Object
            && options.TryGetProperty("include_usage", out var flag) && flag.ValueKind == JsonValueKind.True && call.HasUsage;
        return SandboxReply.Events(Chunks(call, created, tool, finish, asksForUsage), Error("The sandbox was asked to fail here."));
    }

    public static SandboxReply Response(SandboxCall call, long created)
    {
        var item = new JsonObject
        {
            ["id"] = "msg_sandbox",
            ["type"] = "message",
            ["status"] = "completed",
            ["role"] = "assistant",
            ["content"] = new JsonArray(new JsonObject { ["type"] = "output_text", ["text"] = call.AnswerText(), ["annotations"] = new JsonArray() }),
        };
        if (!call.IsStream) return SandboxReply.Json(ResponseObject(call, created, "completed", item));
        return SandboxReply.Events(ResponseEvents(call, created, item), SandboxReply.Event("{\"type\":\"error\",\"code\":\"server_error\",\"message\":\"The sandbox was asked to fail here.\",\"param\":null}", "error"));
    }

    public static JsonObject ErrorBody(int status, string message) => new()
    {
        ["error"] = new JsonObject { ["message"] = message, ["type"] = status == 429 ? "rate_limit_error" : status < 500 ? "invalid_request_error" : "server_error", ["param"] = null, ["code"] = null },
    };

    private static IEnumerable<byte[]> Chunks(SandboxCall call, long created, string? tool, string finish, bool asksForUsage)
    {
        yield return Chunk(new JsonObject { ["role"] = "assistant", ["content"] = tool is null ? "" : null }, null);
        if (tool is not null)
        {
            var start = ToolCall(tool, "");
            start["index"] = 0;
            yield return Chunk(new JsonObject { ["tool_calls"] = new JsonArray(start) }, null);
            yield return Chunk(new JsonObject { ["tool_calls"] = new JsonArray(new JsonObject { ["index"] = 0, ["function"] = new JsonObject { ["arguments"] = Arguments } }) }, null);
        }
        else
        {
            foreach (var token in call.Tokens()) yield return Chunk(new JsonObject { ["content"] = token }, null);
        }

        yield return Chunk([], finish);
        if (asksForUsage)
        {
            var last = Frame([]);
            last["usage"] = Usage(call);
            yield return SandboxReply.Event(last);
        }

        yield return SandboxReply.Event("[DONE]");

        byte[] Chunk(JsonObject delta, string? reason) =>
            SandboxReply.Event(Frame(new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["logprobs"] = null, ["finish_reason"] = reason })));

        JsonObject Frame(JsonArray choices)
        {
            var frame = new JsonObject { ["id"] = Id, ["object"] = "chat.completion.chunk", ["created"] = created, ["model"] = call.Model, ["system_fingerprint"] = "fp_sandbox", ["choices"] = choices };
            if (asksForUsage) frame["usage"] = null;
            return frame;
        }
    }

    private static IEnumerable<byte[]> ResponseEvents(SandboxCall call, long created, JsonObject item)
    {
        var number = 0;
        yield return Event("response.created", new JsonObject { ["response"] = ResponseObject(call, created, "in_progress", null) });
        var open = (JsonObject)item.DeepClone();
        open["status"] = "in_progress";
        open["content"] = new JsonArray();
        yield return Event("response.output_item.added", new JsonObject { ["output_index"] = 0, ["item"] = open });
        yield return Event("response.content_part.added", new JsonObject
        {
            ["item_id"] = "msg_sandbox", ["output_index"] = 0, ["content_index"] = 0, ["part"] = new JsonObject { ["type"] = "output_text", ["text"] = "", ["annotations"] = new JsonArray() },
        });
        foreach (var token in call.Tokens())
            yield return Event("response.output_text.delta", new JsonObject { ["item_id"] = "msg_sandbox", ["output_index"] = 0, ["content_index"] = 0, ["delta"] = token });
        yield return Event("response.output_text.done", new JsonObject { ["item_id"] = "msg_sandbox", ["output_index"] = 0, ["content_index"] = 0, ["text"] = call.AnswerText() });
        yield return Event("response.output_item.done", new JsonObject { ["output_index"] = 0, ["item"] = item.DeepClone() });
        yield return Event("response.completed", new JsonObject { ["response"] = ResponseObject(call, created, "completed", item) });

        byte[] Event(string type, JsonObject data)
        {
            var body = new JsonObject { ["type"] = type, ["sequence_number"] = number++ };
            foreach (var (name, value) in data.ToList())
            {
                data.Remove(name);
                body[name] = value;
            }

            return SandboxReply.Event(body, type);
        }
    }

    private static JsonObject ResponseObject(SandboxCall call, long created, string status, JsonObject? item)
    {
        var response = new JsonObject
        {
            ["id"] = "resp_sandbox",
            ["object"] = "response",
            ["created_at"] = created,
            ["status"] = status,
            ["error"] = null,
            ["incomplete_details"] = null,
            ["model"] = call.Model,
            ["output"] = item is null ? new JsonArray() : new JsonArray(item.DeepClone()),
            ["parallel_tool_calls"] = true,
            ["tools"] = new JsonArray(),
        };
        response["usage"] = item is null || !call.HasUsage ? null : new JsonObject
        {
            ["input_tokens"] = call.InputTokens,
            ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = call.CachedTokens },
            ["output_tokens"] = call.OutputTokens,
            ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = call.ReasoningTokens },
            ["total_tokens"] = call.InputTokens + call.OutputTokens,
        };
        return response;
    }

    private static JsonObject ToolCall(string tool, string arguments) => new()
    {
        ["id"] = "call_sandbox", ["type"] = "function", ["function"] = new JsonObject { ["name"] = tool, ["arguments"] = arguments },
    };

    private static JsonObject Usage(SandboxCall call) => new()
    {
        ["prompt_tokens"] = call.InputTokens,
        ["completion_tokens"] = call.OutputTokens,
        ["total_tokens"] = call.InputTokens + call.OutputTokens,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = call.CachedTokens, ["audio_tokens"] = 0 },
        ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = call.ReasoningTokens, ["audio_tokens"] = 0, ["accepted_prediction_tokens"] = 0, ["rejected_prediction_tokens"] = 0 },
    };

    private static byte[] Error(string message) => SandboxReply.Event(ErrorBody(500, message));
}
