using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lava.Service.Sandbox.Dialects;

/// <summary>Embeddings in OpenAI's shape (platform.openai.com/docs/api-reference/embeddings): one for each text or list of tokens.</summary>
internal static class EmbeddingAnswers
{
    private const int MostInputs = 2_048;

    public static SandboxReply Reply(SandboxCall call)
    {
        var data = new JsonArray();
        var isBase64 = call.Text("encoding_format") == "base64";
        foreach (var input in Inputs(call))
        {
            var vector = SandboxVector.Of(call.Model, input, call.Whole("dimensions"));
            JsonNode embedding = isBase64 ? vector.AsBase64() : vector.AsArray();
            data.Add((JsonNode)new JsonObject { ["object"] = "embedding", ["index"] = data.Count, ["embedding"] = embedding });
        }

        var body = new JsonObject { ["object"] = "list", ["data"] = data, ["model"] = call.Model };
        if (call.HasUsage) body["usage"] = new JsonObject { ["prompt_tokens"] = call.InputTokens, ["total_tokens"] = call.InputTokens };
        return SandboxReply.Json(body);
    }

    private static IEnumerable<string> Inputs(SandboxCall call)
    {
        if (call.Json.ValueKind != JsonValueKind.Object || !call.Json.TryGetProperty("input", out var input)) return [""];
        if (input.ValueKind != JsonValueKind.Array || input.GetArrayLength() == 0 || input[0].ValueKind == JsonValueKind.Number) return [Content(input)];
        return input.EnumerateArray().Take(MostInputs).Select(Content);
    }

    private static string Content(JsonElement input) => input.ValueKind == JsonValueKind.String ? input.GetString()! : input.GetRawText();
}
