using System.Text;
using System.Text.Json.Nodes;

namespace Lava.Service.Sandbox;

/// <summary>Answers in Gemini's shape (ai.google.dev/api/generate-content).</summary>
internal static class GeminiAnswers
{
    public static SandboxReply Generate(SandboxCall call)
    {
        var tool = call.ToolToCall();
        if (!call.IsStream) return SandboxReply.Json(Chunk(call, tool is null ? call.AnswerText() : null, tool, isLast: true));
        var chunks = new List<JsonObject>();
        if (tool is not null) chunks.Add(Chunk(call, null, tool, isLast: true));
        else
        {
            var tokens = call.Tokens().ToList();
            for (var i = 0; i < tokens.Count; i++) chunks.Add(Chunk(call, tokens[i], null, isLast: i == tokens.Count - 1));
            if (tokens.Count == 0) chunks.Add(Chunk(call, "", null, isLast: true));
        }

        var error = ErrorBody(503, "The sandbox was asked to fail here.");
        if (call.Url.Contains("alt=sse", StringComparison.Ordinal)) return SandboxReply.Events(chunks.Select(chunk => SandboxReply.Event(chunk)), SandboxReply.Event(error));

        // Without alt=sse the stream is one JSON array, an element a chunk.
        var pieces = chunks.Select((chunk, index) => Encoding.UTF8.GetBytes((index == 0 ? "[" : ",\r\n") + chunk.ToJsonString())).Append("]"u8.ToArray()).ToList();
        return new SandboxReply(200, "application/json", pieces) { StreamError = Encoding.UTF8.GetBytes(",\r\n" + error.ToJsonString()) };
    }

    public static SandboxReply Count(SandboxCall call) => SandboxReply.Json(new JsonObject { ["totalTokens"] = call.InputTokens });

    public static SandboxReply Embed(SandboxCall call)
    {
        var values = new JsonArray([.. MediaAnswers.Vector(8).Select(value => JsonValue.Create(value))]);
        var embedding = new JsonObject { ["values"] = values };
        return call.Url.Contains(":batchEmbedContents", StringComparison.Ordinal)
            ? SandboxReply.Json(new JsonObject { ["embeddings"] = new JsonArray(embedding), ["usageMetadata"] = EmbedUsage(call) })
            : SandboxReply.Json(new JsonObject { ["embedding"] = embedding, ["usageMetadata"] = EmbedUsage(call) });
    }

    public static JsonObject ErrorBody(int status, string message) => new()
    {
        ["error"] = new JsonObject
        {
            ["code"] = status,
            ["message"] = message,
            ["status"] = status switch { 400 => "INVALID_ARGUMENT", 401 => "UNAUTHENTICATED", 403 => "PERMISSION_DENIED", 404 => "NOT_FOUND", 429 => "RESOURCE_EXHAUSTED", 503 => "UNAVAILABLE", _ => "INTERNAL" },
        },
    };

    private static JsonObject EmbedUsage(SandboxCall call) => new() { ["promptTokenCount"] = call.InputTokens, ["totalTokenCount"] = call.InputTokens };

    private static JsonObject Chunk(SandboxCall call, string? text, string? tool, bool isLast)
    {
        JsonNode part = tool is null
            ? new JsonObject { ["text"] = text }
            : new JsonObject { ["functionCall"] = new JsonObject { ["name"] = tool, ["args"] = new JsonObject { ["city"] = "Reykjavík" } } };
        var candidate = new JsonObject { ["content"] = new JsonObject { ["parts"] = new JsonArray(part), ["role"] = "model" }, ["index"] = 0 };
        if (isLast) candidate["finishReason"] = call.IsCut ? "MAX_TOKENS" : "STOP";
        var chunk = new JsonObject { ["candidates"] = new JsonArray(candidate) };
        if (call.HasUsage)
        {
            var usage = new JsonObject { ["promptTokenCount"] = call.InputTokens };
            if (isLast) usage["candidatesTokenCount"] = call.OutputTokens - call.ReasoningTokens;
            usage["totalTokenCount"] = call.InputTokens + (isLast ? call.OutputTokens : 0);
            if (call.CachedTokens > 0) usage["cachedContentTokenCount"] = call.CachedTokens;
            if (isLast && call.ReasoningTokens > 0) usage["thoughtsTokenCount"] = call.ReasoningTokens;
            chunk["usageMetadata"] = usage;
        }

        chunk["modelVersion"] = call.Model;
        chunk["responseId"] = "sandbox";
        return chunk;
    }
}
