using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lava.Service.Sandbox.Strictness;

namespace Lava.Service.Sandbox.Dialects;

/// <summary>Answers in Gemini's shape (ai.google.dev/api/generate-content). Thoughts are counted beside candidates there; a stream's usage grows from chunk to
/// chunk.</summary>
internal static class GeminiAnswers
{
    public static SandboxReply Generate(SandboxCall call)
    {
        if (!call.IsStream)
        {
            var candidates = new JsonArray();
            for (var i = 0L; i < call.Choices; i++) candidates.Add((JsonNode)Candidate(call, i, [.. Parts(call)], isLast: true));
            return SandboxReply.Json(Envelope(call, candidates, Candidates(call)));
        }

        var error = SandboxErrors.Body(SandboxDialect.Gemini, 503, SandboxErrors.MidStream);
        if (call.Url.Query.Contains("alt=sse", StringComparison.Ordinal))
            return SandboxReply.Events(Chunks(call).Select(chunk => Join("data: ", chunk, "\r\n\r\n")), Join("data: ", SandboxJson.Bytes(error), "\r\n\r\n"));

        // Without alt=sse the stream is one JSON array, an element a chunk.
        var start = call.Directives["error_after"] == 0 ? "[" : ",\r\n";
        return new SandboxReply(200, "application/json; charset=UTF-8", InArray(Chunks(call))) { StreamError = Join(start, SandboxJson.Bytes(error), "]") };
    }

    public static SandboxReply Count(SandboxCall call) =>
        SandboxReply.Json(new JsonObject { ["totalTokens"] = call.InputTokens, ["promptTokensDetails"] = Modality(call.InputTokens) });

    public static SandboxReply Embed(SandboxCall call)
    {
        JsonObject body;
        if (call.Json.ValueKind == JsonValueKind.Object && call.Json.TryGetProperty("requests", out var requests) && requests.ValueKind == JsonValueKind.Array)
        {
            var embeddings = new JsonArray();
            foreach (var request in requests.EnumerateArray()) embeddings.Add((JsonNode)Embedding(call, request));
            body = new JsonObject { ["embeddings"] = embeddings };
        }
        else body = new JsonObject { ["embedding"] = Embedding(call, call.Json) };
        if (call.HasUsage)
        {
            body["usageMetadata"] = new JsonObject
            {
                ["promptTokenCount"] = call.InputTokens, ["totalTokenCount"] = call.InputTokens, ["promptTokensDetails"] = Modality(call.InputTokens),
            };
        }

        return SandboxReply.Json(body);
    }

    private static JsonObject Embedding(SandboxCall call, JsonElement request)
    {
        long? wanted = null;
        if (request.ValueKind == JsonValueKind.Object
            && request.TryGetProperty("outputDimensionality", out var asked)
            && asked.ValueKind == JsonValueKind.Number
            && asked.TryGetInt64(out var number))
            wanted = number;
        var content = request.ValueKind == JsonValueKind.Object && request.TryGetProperty("content", out var given) ? given.GetRawText() : "";
        return new JsonObject { ["values"] = SandboxVector.Of(call.Model, content, wanted).AsArray() };
    }

    private static IEnumerable<byte[]> Chunks(SandboxCall call)
    {
        var done = 0L;
        for (var index = 0L; index < call.Choices; index++)
        {
            if (call.ShowsThoughts)
            {
                for (var word = 0L; word < call.ReasoningTokens; word++)
                    yield return Chunk([new JsonObject { ["text"] = SandboxThoughts.Word(word), ["thought"] = true }], isLast: false);
            }

            // The last word comes with the end, unless calls do.
            var words = call.Calls.Count > 0 ? call.WordCount : call.WordCount - 1;
            if (words > 0)
            {
                var template = Template(call, index);
                for (var word = 0L; word < words; word++)
                {
                    done++;
                    yield return template.Fill(call.Words.Json(word), SandboxJson.Number(done), SandboxJson.Number(call.InputTokens + Thoughts(call) + done));
                }
            }

            foreach (var made in call.Calls.SkipLast(1)) yield return Chunk([FunctionCall(call, made)], isLast: false);
            done = (index + 1) * (call.OutputTokens - call.ReasoningTokens);
            var end = call.Calls.Count > 0
                ? FunctionCall(call, call.Calls[^1])
                : new JsonObject { ["text"] = call.WordCount > 0 ? call.Words[call.WordCount - 1] : "" };
            yield return Chunk([end], isLast: true);

            byte[] Chunk(JsonArray parts, bool isLast) => SandboxJson.Bytes(Envelope(call, new JsonArray(Candidate(call, index, parts, isLast)), done));
        }
    }

    /// <summary>A chunk with holes for the word, the candidates' tokens so far and the total so far.</summary>
    private static ChunkTemplate Template(SandboxCall call, long index)
    {
        var usage = "";
        if (call.HasUsage)
        {
            usage = $$"""
                "usageMetadata":{"promptTokenCount":{{call.InputTokens}},"candidatesTokenCount":{{ChunkTemplate.Hole}},"totalTokenCount":{{ChunkTemplate.Hole}}
                """;
            if (call.CachedTokens > 0) usage += $",\"cachedContentTokenCount\":{call.CachedTokens}";
            if (Thoughts(call) > 0) usage += $",\"thoughtsTokenCount\":{Thoughts(call)}";
            usage += "},";
        }

        return new ChunkTemplate(
            $$$"""{"candidates":[{"content":{"parts":[{"text":"{{{ChunkTemplate.Hole}}}"}],"role":"model"},"index":{{{index}}}}],"""
            + $$"""{{usage}}"modelVersion":{{SandboxJson.Quote(call.Model)}},"responseId":"{{Id(call)}}"}""");
    }

    private static IEnumerable<JsonNode> Parts(SandboxCall call)
    {
        if (call.ShowsThoughts) yield return new JsonObject { ["text"] = SandboxThoughts.First(call.ReasoningTokens), ["thought"] = true };
        if (call.HasText) yield return new JsonObject { ["text"] = call.AnswerText };
        foreach (var made in call.Calls) yield return FunctionCall(call, made);
    }

    /// <summary>The first of calls made together carries the signature of what led to them, from the third generation on.</summary>
    private static JsonObject FunctionCall(SandboxCall call, SandboxToolCall made)
    {
        var part = new JsonObject { ["functionCall"] = new JsonObject { ["name"] = made.Name, ["args"] = made.Arguments.DeepClone() } };
        if (made.Index == 0 && GeminiCheck.SignsCalls(call.Model)) part["thoughtSignature"] = SandboxThoughts.Sign(made.Name);
        return part;
    }

    private static JsonObject Candidate(SandboxCall call, long index, JsonArray parts, bool isLast)
    {
        var candidate = new JsonObject { ["content"] = new JsonObject { ["parts"] = parts, ["role"] = "model" } };
        if (isLast) candidate["finishReason"] = call.IsCut ? "MAX_TOKENS" : "STOP";
        candidate["index"] = index;
        return candidate;
    }

    private static JsonObject Envelope(SandboxCall call, JsonArray candidates, long tokens)
    {
        var chunk = new JsonObject { ["candidates"] = candidates };
        if (call.HasUsage)
        {
            var usage = new JsonObject
            {
                ["promptTokenCount"] = call.InputTokens, ["candidatesTokenCount"] = tokens, ["totalTokenCount"] = call.InputTokens + tokens + Thoughts(call),
            };
            if (call.CachedTokens > 0) usage["cachedContentTokenCount"] = call.CachedTokens;
            usage["promptTokensDetails"] = Modality(call.InputTokens);
            if (call.CachedTokens > 0) usage["cacheTokensDetails"] = Modality(call.CachedTokens);
            if (Thoughts(call) > 0) usage["thoughtsTokenCount"] = Thoughts(call);
            chunk["usageMetadata"] = usage;
        }

        chunk["modelVersion"] = call.Model;
        chunk["responseId"] = Id(call);
        return chunk;
    }

    private static long Candidates(SandboxCall call) => (call.OutputTokens - call.ReasoningTokens) * call.Choices;

    private static long Thoughts(SandboxCall call) => call.ReasoningTokens * call.Choices;

    private static string Id(SandboxCall call) => call.Id("", 22);

    private static JsonArray Modality(long tokens) => new(new JsonObject { ["modality"] = "TEXT", ["tokenCount"] = tokens });

    private static IEnumerable<byte[]> InArray(IEnumerable<byte[]> chunks)
    {
        var start = "[";
        foreach (var chunk in chunks)
        {
            yield return Join(start, chunk, "");
            start = ",\r\n";
        }

        yield return "]"u8.ToArray();
    }

    private static byte[] Join(string before, byte[] chunk, string after) => [.. Encoding.UTF8.GetBytes(before), .. chunk, .. Encoding.UTF8.GetBytes(after)];
}
