using System.Text.Json.Nodes;
using Lava.Core.Translation.Bedrock;

namespace Lava.Service.Sandbox.Dialects;

/// <summary>Converse and ConverseStream in Bedrock's shape (Amazon Bedrock API reference), streams as frames of
/// <c>application/vnd.amazon.eventstream</c>.</summary>
internal static class BedrockAnswers
{
    public static SandboxReply Converse(SandboxCall call)
    {
        var stop = call.Tool is not null ? "tool_use" : call.IsCut ? "max_tokens" : "end_turn";
        if (call.IsStream)
        {
            return new SandboxReply(200, EventStreamFrame.ContentType, Frames(call, stop))
            {
                StreamError = BedrockFrames.Exception("internalServerException", new JsonObject { ["message"] = SandboxErrors.MidStream }),
            };
        }

        var content = call.Tool is { } tool
            ? new JsonObject { ["toolUse"] = new JsonObject { ["toolUseId"] = ToolId(call), ["name"] = tool.Name, ["input"] = tool.Arguments.DeepClone() } }
            : new JsonObject { ["text"] = call.AnswerText };
        var body = new JsonObject
        {
            ["metrics"] = new JsonObject { ["latencyMs"] = 1 },
            ["output"] = new JsonObject { ["message"] = new JsonObject { ["content"] = new JsonArray(content), ["role"] = "assistant" } },
            ["stopReason"] = stop,
        };
        if (call.HasUsage) body["usage"] = Usage(call);
        return SandboxReply.Json(body);
    }

    private static IEnumerable<byte[]> Frames(SandboxCall call, string stop)
    {
        yield return BedrockFrames.Event("messageStart", new JsonObject { ["role"] = "assistant" });
        if (call.Tool is { } tool)
        {
            yield return BedrockFrames.Event("contentBlockStart", new JsonObject
            {
                ["contentBlockIndex"] = 0, ["start"] = new JsonObject { ["toolUse"] = new JsonObject { ["name"] = tool.Name, ["toolUseId"] = ToolId(call) } },
            });
            foreach (var piece in tool.Pieces()) yield return Delta(new JsonObject { ["toolUse"] = new JsonObject { ["input"] = piece } });
        }
        else
        {
            for (var word = 0L; word < call.WordCount; word++) yield return Delta(new JsonObject { ["text"] = call.Words[word] });
        }

        yield return BedrockFrames.Event("contentBlockStop", new JsonObject { ["contentBlockIndex"] = 0 });
        yield return BedrockFrames.Event("messageStop", new JsonObject { ["stopReason"] = stop });
        var metadata = new JsonObject { ["metrics"] = new JsonObject { ["latencyMs"] = 1 } };
        if (call.HasUsage) metadata["usage"] = Usage(call);
        yield return BedrockFrames.Event("metadata", metadata);

        static byte[] Delta(JsonObject delta) => BedrockFrames.Event("contentBlockDelta", new JsonObject { ["contentBlockIndex"] = 0, ["delta"] = delta });
    }

    private static string ToolId(SandboxCall call) => call.Id("tooluse_", 22);

    /// <summary>Like Anthropic, Bedrock counts cached tokens beside <c>inputTokens</c>; the total has all.</summary>
    private static JsonObject Usage(SandboxCall call) => new()
    {
        ["cacheReadInputTokens"] = call.CachedTokens,
        ["cacheWriteInputTokens"] = call.CacheWriteTokens,
        ["inputTokens"] = call.InputTokens - call.CachedTokens - call.CacheWriteTokens,
        ["outputTokens"] = call.OutputTokens,
        ["totalTokens"] = call.InputTokens + call.OutputTokens,
    };
}
