using System.Text.Json.Nodes;
using Lava.Core.Translation.Bedrock;

namespace Lava.Service.Sandbox.Dialects;

/// <summary>Converse and ConverseStream in Bedrock's shape (Amazon Bedrock API reference), streams as frames of
/// <c>application/vnd.amazon.eventstream</c>.</summary>
internal static class BedrockAnswers
{
    public static SandboxReply Converse(SandboxCall call)
    {
        var stop = call.Calls.Count > 0 ? "tool_use" : call.IsCut ? "max_tokens" : "end_turn";
        if (call.IsStream)
        {
            return new SandboxReply(200, EventStreamFrame.ContentType, Frames(call, stop))
            {
                StreamError = BedrockFrames.Exception("internalServerException", new JsonObject { ["message"] = SandboxErrors.MidStream }),
            };
        }

        var content = new JsonArray();
        if (call.ShowsThoughts)
        {
            var reasoning = new JsonObject { ["text"] = Thoughts(call), ["signature"] = SandboxThoughts.Sign(Thoughts(call)) };
            content.Add((JsonNode)new JsonObject { ["reasoningContent"] = new JsonObject { ["reasoningText"] = reasoning } });
        }

        if (call.HasText) content.Add((JsonNode)new JsonObject { ["text"] = call.AnswerText });
        foreach (var made in call.Calls)
        {
            var use = new JsonObject { ["toolUseId"] = ToolId(call, made), ["name"] = made.Name, ["input"] = made.Arguments.DeepClone() };
            content.Add((JsonNode)new JsonObject { ["toolUse"] = use });
        }

        var body = new JsonObject
        {
            ["metrics"] = new JsonObject { ["latencyMs"] = 1 },
            ["output"] = new JsonObject { ["message"] = new JsonObject { ["content"] = content, ["role"] = "assistant" } },
            ["stopReason"] = stop,
        };
        if (call.HasUsage) body["usage"] = Usage(call);
        return SandboxReply.Json(body);
    }

    private static IEnumerable<byte[]> Frames(SandboxCall call, string stop)
    {
        yield return BedrockFrames.Event("messageStart", new JsonObject { ["role"] = "assistant" });
        var index = 0;
        if (call.ShowsThoughts)
        {
            for (var word = 0L; word < call.ReasoningTokens && Thoughts(call).Length > 0; word++)
                yield return Delta(new JsonObject { ["reasoningContent"] = new JsonObject { ["text"] = SandboxThoughts.Word(word) } });
            yield return Delta(new JsonObject { ["reasoningContent"] = new JsonObject { ["signature"] = SandboxThoughts.Sign(Thoughts(call)) } });
            yield return Stop();
        }

        if (call.HasText)
        {
            for (var word = 0L; word < call.WordCount; word++) yield return Delta(new JsonObject { ["text"] = call.Words[word] });
            yield return Stop();
        }

        foreach (var made in call.Calls)
        {
            var start = new JsonObject { ["toolUse"] = new JsonObject { ["name"] = made.Name, ["toolUseId"] = ToolId(call, made) } };
            yield return BedrockFrames.Event("contentBlockStart", new JsonObject { ["contentBlockIndex"] = index, ["start"] = start });
            foreach (var piece in made.Pieces()) yield return Delta(new JsonObject { ["toolUse"] = new JsonObject { ["input"] = piece } });
            yield return Stop();
        }

        yield return BedrockFrames.Event("messageStop", new JsonObject { ["stopReason"] = stop });
        var metadata = new JsonObject { ["metrics"] = new JsonObject { ["latencyMs"] = 1 } };
        if (call.HasUsage) metadata["usage"] = Usage(call);
        yield return BedrockFrames.Event("metadata", metadata);

        byte[] Delta(JsonObject delta) => BedrockFrames.Event("contentBlockDelta", new JsonObject { ["contentBlockIndex"] = index, ["delta"] = delta });

        byte[] Stop() => BedrockFrames.Event("contentBlockStop", new JsonObject { ["contentBlockIndex"] = index++ });
    }

    private static string Thoughts(SandboxCall call) =>
        SandboxThoughts.AreOmitted(call.Json, call.HidesThoughts) ? "" : SandboxThoughts.First(call.ReasoningTokens);

    private static string ToolId(SandboxCall call, SandboxToolCall made) => call.Id("tooluse_", 22, made.Index);

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
