using System.Text.Json;
using Lava.Core.Catalogue;

namespace Lava.Service.Sandbox;

/// <summary>The JSON that a request wants for an answer in place of words: of a schema (<c>response_format</c>, <c>text.format</c>,
/// <c>output_config.format</c>, <c>responseSchema</c>), or any.</summary>
internal static class SandboxOutput
{
    /// <summary>The smallest JSON that the request's schema allows; null where it wants words.</summary>
    public static string? Of(WireFormat format, JsonElement json)
    {
        var asked = format switch
        {
            WireFormat.OpenAiChat => Member(json, "response_format"),
            WireFormat.OpenAiResponses => Member(Member(json, "text"), "format"),
            WireFormat.Anthropic =>
                Member(Member(json, "output_config"), "format") is { ValueKind: JsonValueKind.Object } current ? current : Member(json, "output_format"),
            WireFormat.Gemini => Member(json, "generationConfig"),
            _ => default,
        };
        if (format == WireFormat.Gemini)
        {
            if (Text(asked, "responseMimeType") != "application/json") return null;
            return Sample(Member(asked, "responseJsonSchema") is { ValueKind: JsonValueKind.Object } schema ? schema : Member(asked, "responseSchema"));
        }

        return Text(asked, "type") switch
        {
            "json_schema" =>
                Sample(Member(asked, "json_schema") is { ValueKind: JsonValueKind.Object } wrapped ? Member(wrapped, "schema") : Member(asked, "schema")),
            "json_object" => "{}",
            _ => null,
        };
    }

    private static string Sample(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && SchemaSample.Any(schema) is { } value ? SandboxJson.Text(value) : "{}";

    private static JsonElement Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : default;

    private static string? Text(JsonElement json, string name) => Member(json, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
}
