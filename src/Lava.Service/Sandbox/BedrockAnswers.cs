using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace Lava.Service.Sandbox;

/// <summary>Converse and ConverseStream in Bedrock's shape (Amazon Bedrock API reference), streams as frames of <c>application/vnd.amazon.eventstream</c>.</summary>
internal static class BedrockAnswers
{
    public static SandboxReply Converse(SandboxCall call)
    {
        var tool = call.ToolToCall();
        var stop = tool is not null ? "tool_use" : call.IsCut ? "max_tokens" : "end_turn";
        if (!call.IsStream)
        {
            JsonNode content = tool is null
                ? new JsonObject { ["text"] = call.AnswerText() }
                : new JsonObject { ["toolUse"] = new JsonObject { ["toolUseId"] = "tooluse_sandbox", ["name"] = tool, ["input"] = new JsonObject { ["city"] = "Reykjavík" } } };
            var body = new JsonObject
            {
                ["output"] = new JsonObject { ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = new JsonArray(content) } },
                ["stopReason"] = stop,
                ["metrics"] = new JsonObject { ["latencyMs"] = 1 },
            };
            if (call.HasUsage) body["usage"] = Usage(call);
            return SandboxReply.Json(body);
        }

        var frames = new List<byte[]> { Frame("messageStart", new JsonObject { ["role"] = "assistant" }) };
        if (tool is not null)
        {
            frames.Add(Frame("contentBlockStart", new JsonObject { ["contentBlockIndex"] = 0, ["start"] = new JsonObject { ["toolUse"] = new JsonObject { ["toolUseId"] = "tooluse_sandbox", ["name"] = tool } } }));
            frames.Add(Frame("contentBlockDelta", new JsonObject { ["contentBlockIndex"] = 0, ["delta"] = new JsonObject { ["toolUse"] = new JsonObject { ["input"] = "{\"city\":\"Reykjavík\"}" } } }));
        }
        else
        {
            foreach (var token in call.Tokens()) frames.Add(Frame("contentBlockDelta", new JsonObject { ["contentBlockIndex"] = 0, ["delta"] = new JsonObject { ["text"] = token } }));
        }

        frames.Add(Frame("contentBlockStop", new JsonObject { ["contentBlockIndex"] = 0 }));
        frames.Add(Frame("messageStop", new JsonObject { ["stopReason"] = stop }));
        var metadata = new JsonObject { ["metrics"] = new JsonObject { ["latencyMs"] = 1 } };
        if (call.HasUsage) metadata["usage"] = Usage(call);
        frames.Add(Frame("metadata", metadata));
        return new SandboxReply(200, "application/vnd.amazon.eventstream", frames)
        {
            StreamError = Frame("internalServerException", new JsonObject { ["message"] = "The sandbox was asked to fail here." }, ":exception-type", "exception"),
        };
    }

    public static JsonObject ErrorBody(string message) => new() { ["message"] = message };

    private static JsonObject Usage(SandboxCall call)
    {
        var usage = new JsonObject
        {
            ["inputTokens"] = call.InputTokens - call.CachedTokens - call.CacheWriteTokens,
            ["outputTokens"] = call.OutputTokens,
            ["totalTokens"] = call.InputTokens + call.OutputTokens,
        };
        if (call.CachedTokens > 0) usage["cacheReadInputTokens"] = call.CachedTokens;
        if (call.CacheWriteTokens > 0) usage["cacheWriteInputTokens"] = call.CacheWriteTokens;
        return usage;
    }

    private static byte[] Frame(string type, JsonObject payload, string typeHeader = ":event-type", string messageType = "event")
    {
        var headers = new List<byte>();
        Header(headers, typeHeader, type);
        Header(headers, ":content-type", "application/json");
        Header(headers, ":message-type", messageType);
        var body = SandboxReply.Bytes(payload);
        var frame = new byte[16 + headers.Count + body.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)frame.Length);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), (uint)headers.Count);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(8), Crc32.HashToUInt32(frame.AsSpan(0, 8)));
        headers.CopyTo(frame, 12);
        body.CopyTo(frame, 12 + headers.Count);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(frame.Length - 4), Crc32.HashToUInt32(frame.AsSpan(0, frame.Length - 4)));
        return frame;
    }

    private static void Header(List<byte> headers, string name, string value)
    {
        headers.Add((byte)name.Length);
        headers.AddRange(Encoding.ASCII.GetBytes(name));
        headers.Add(7);
        headers.Add((byte)(value.Length >> 8));
        headers.Add((byte)value.Length);
        headers.AddRange(Encoding.ASCII.GetBytes(value));
    }
}
