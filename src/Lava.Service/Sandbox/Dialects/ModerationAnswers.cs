using System.Text.Json;
using System.Text.Json.Nodes;
using Lava.Service.Sandbox.Strictness;

namespace Lava.Service.Sandbox.Dialects;

/// <summary>Moderations in OpenAI's shape (platform.openai.com/docs/api-reference/moderations): nothing is flagged, but for a text with the word
/// <c>violence</c>. There is no usage.</summary>
internal static class ModerationAnswers
{
    private const string Flagged = "violence";
    private const double Sure = 0.99;
    private const double Unlikely = 0.00001;

    private static readonly string[] Categories =
    [
        "harassment", "harassment/threatening", "sexual", "hate", "hate/threatening", "illicit", "illicit/violent", "self-harm/intent",
        "self-harm/instructions", "self-harm", "sexual/minors", Flagged, "violence/graphic",
    ];

    public static SandboxReply Reply(SandboxCall call)
    {
        var results = new JsonArray();
        foreach (var text in Inputs(call.Json.At("input"))) results.Add((JsonNode)Result(text));
        return SandboxReply.Json(new JsonObject { ["id"] = call.Id("modr-", 29), ["model"] = call.Model, ["results"] = results });
    }

    /// <summary>One result for each text; the parts of one input, text and images, are judged together.</summary>
    private static IEnumerable<string> Inputs(JsonElement input)
    {
        if (!input.IsList()) return [input.Word() ?? ""];
        var parts = input.List();
        return parts.Any(part => part.IsObject())
            ? [string.Join(' ', parts.Select(part => part.At("text").Word()))]
            : parts.Select(part => part.Word() ?? "");
    }

    private static JsonObject Result(string text)
    {
        var isFlagged = text.Contains(Flagged, StringComparison.OrdinalIgnoreCase);
        var (categories, scores, types) = (new JsonObject(), new JsonObject(), new JsonObject());
        foreach (var category in Categories)
        {
            var isHit = isFlagged && category == Flagged;
            categories[category] = isHit;
            scores[category] = isHit ? Sure : Unlikely;
            types[category] = new JsonArray("text");
        }

        return new JsonObject
        {
            ["flagged"] = isFlagged, ["categories"] = categories, ["category_scores"] = scores, ["category_applied_input_types"] = types,
        };
    }
}
