using System.Text.Json.Nodes;

namespace Lava.Service.Sandbox.Dialects;

/// <summary>Lists of models and voices, and one of them, in each provider's shape. The sandbox serves any model, so it names one of its own.</summary>
internal static class MetadataAnswers
{
    private const string Model = "sandbox";
    private const string Born = "2026-01-01T00:00:00Z";
    private const long BornSeconds = 1_767_225_600;

    public static SandboxReply Reply(SandboxCall call)
    {
        var path = call.Url.AbsolutePath.TrimEnd('/');
        var last = Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
        var isList = last is "models" or "voices";
        var id = isList ? Model : call.Model is Model ? last : call.Model;
        var entry = Entry(call.Dialect, id, path);
        if (!isList) return SandboxReply.Json(entry);
        JsonNode list = call.Dialect switch
        {
            SandboxDialect.Anthropic => new JsonObject { ["data"] = new JsonArray(entry), ["has_more"] = false, ["first_id"] = id, ["last_id"] = id },
            SandboxDialect.Gemini => new JsonObject { ["models"] = new JsonArray(entry) },
            SandboxDialect.ElevenLabs when last == "voices" => new JsonObject { ["voices"] = new JsonArray(entry) },
            SandboxDialect.ElevenLabs => new JsonArray(entry),
            _ => new JsonObject { ["object"] = "list", ["data"] = new JsonArray(entry) },
        };
        return SandboxReply.Json(list);
    }

    private static JsonObject Entry(SandboxDialect dialect, string id, string path) => dialect switch
    {
        SandboxDialect.Anthropic => new JsonObject { ["type"] = "model", ["id"] = id, ["display_name"] = id, ["created_at"] = Born },
        SandboxDialect.Gemini => new JsonObject
        {
            ["name"] = "models/" + id,
            ["version"] = "001",
            ["displayName"] = id,
            ["description"] = "Answers without a provider.",
            ["inputTokenLimit"] = 1_048_576,
            ["outputTokenLimit"] = 65_536,
            ["supportedGenerationMethods"] = new JsonArray("generateContent", "streamGenerateContent", "countTokens", "embedContent"),
        },
        SandboxDialect.ElevenLabs when path.Contains("/voices", StringComparison.Ordinal) =>
            new JsonObject { ["voice_id"] = id, ["name"] = id, ["category"] = "premade", ["labels"] = new JsonObject() },
        SandboxDialect.ElevenLabs =>
            new JsonObject
            {
                ["model_id"] = id,
                ["name"] = id,
                ["can_do_text_to_speech"] = true,
                ["can_do_voice_conversion"] = false,
                ["languages"] = new JsonArray(),
            },
        _ => new JsonObject { ["id"] = id, ["object"] = "model", ["created"] = BornSeconds, ["owned_by"] = "sandbox" },
    };
}
