using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lava.Service.Sandbox;

/// <summary>Makes the smallest value that a JSON Schema allows: required members only, the first of an enumeration, the least of a range. Knows the keywords
/// that tools use (type, required, properties, items, enum, const, anyOf, oneOf, allOf, local $ref, lengths, ranges, common formats); <c>pattern</c> is not
/// solved.</summary>
internal sealed class SchemaSample
{
    private const int MostDepth = 16;
    private const int MostValues = 500;
    private const int MostItems = 16;
    private const int MostLength = 1_000;

    private readonly JsonElement _root;
    private int _values;

    private SchemaSample(JsonElement root) => _root = root;

    /// <summary>The arguments of a call.</summary>
    /// <param name="schema">The tool's parameters; undefined where it has none.</param>
    public static JsonObject Object(JsonElement schema) => new SchemaSample(schema).Value(schema, 0) as JsonObject ?? [];

    /// <summary>A value of whatever type the schema has; null where that is null, or cannot be told.</summary>
    public static JsonNode? Any(JsonElement schema) => new SchemaSample(schema).Value(schema, 0);

    private JsonNode? Value(JsonElement schema, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > MostDepth || ++_values > MostValues) return null;
        if (schema.TryGetProperty("$ref", out var reference)) return Value(Resolve(reference), depth + 1);
        if (schema.TryGetProperty("const", out var constant)) return Node(constant);
        if (schema.TryGetProperty("enum", out var options) && options.ValueKind == JsonValueKind.Array && options.GetArrayLength() > 0) return Node(options[0]);
        foreach (var name in new[] { "anyOf", "oneOf" })
        {
            if (schema.TryGetProperty(name, out var choices) && choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() > 0)
                return Merge(Members(schema, depth), Value(choices[0], depth + 1));
        }

        if (schema.TryGetProperty("allOf", out var all) && all.ValueKind == JsonValueKind.Array)
        {
            JsonNode? merged = Members(schema, depth);
            foreach (var part in all.EnumerateArray()) merged = Merge(merged as JsonObject, Value(part, depth + 1));
            return merged;
        }

        return Type(schema) switch
        {
            "string" => Text(schema),
            "integer" => JsonValue.Create((long)Math.Ceiling(Number(schema))),
            "number" => JsonValue.Create(Number(schema)),
            "boolean" => JsonValue.Create(true),
            "array" => Items(schema, depth),
            "object" => Members(schema, depth),
            _ => null,
        };
    }

    private static string? Type(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type))
            return schema.TryGetProperty("properties", out _) || schema.TryGetProperty("required", out _) ? "object" : null;
        if (type.ValueKind == JsonValueKind.Array)
            type = type.EnumerateArray().FirstOrDefault(entry => entry.ValueKind == JsonValueKind.String && !entry.ValueEquals("null"));

        // Gemini writes the types in upper case.
        return type.ValueKind == JsonValueKind.String ? type.GetString()!.ToLowerInvariant() : null;
    }

    private JsonObject Members(JsonElement schema, int depth)
    {
        var result = new JsonObject();
        if (!schema.TryGetProperty("required", out var required) || required.ValueKind != JsonValueKind.Array) return result;
        var hasProperties = schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object;
        foreach (var name in required.EnumerateArray())
        {
            if (name.ValueKind != JsonValueKind.String) continue;
            result[name.GetString()!] = hasProperties && properties.TryGetProperty(name.GetString()!, out var member) ? Value(member, depth + 1) : "sandbox";
        }

        return result;
    }

    private JsonArray Items(JsonElement schema, int depth)
    {
        var result = new JsonArray();
        if (!schema.TryGetProperty("items", out var items)) return result;
        var count = Math.Min(Whole(schema, "minItems") ?? 0, MostItems);
        for (var i = 0L; i < count; i++) result.Add(Value(items, depth + 1));
        return result;
    }

    private static string Text(JsonElement schema)
    {
        var text = schema.TryGetProperty("format", out var format) && format.ValueKind == JsonValueKind.String
            ? format.GetString() switch
            {
                "date-time" => "2026-01-01T00:00:00Z",
                "date" => "2026-01-01",
                "time" => "00:00:00Z",
                "email" => "sandbox@example.com",
                "uri" or "url" => "https://example.com/",
                "uuid" => "00000000-0000-4000-8000-000000000000",
                _ => "sandbox",
            }
            : "sandbox";
        text = text.PadRight((int)Math.Clamp(Whole(schema, "minLength") ?? 0, 0, MostLength), 'x');
        return Whole(schema, "maxLength") is { } most and >= 0 && text.Length > most ? text[..(int)most] : text;
    }

    private static decimal Number(JsonElement schema)
    {
        var value = Amount(schema, "minimum") ?? (Amount(schema, "exclusiveMinimum") is { } above ? above + 1 : null);
        var most = Amount(schema, "maximum") ?? (Amount(schema, "exclusiveMaximum") is { } below ? below - 1 : null);
        var number = value ?? Math.Min(1, most ?? 1);
        var step = Amount(schema, "multipleOf");
        return step is >= 0.000_000_001m ? Math.Ceiling(number / step.Value) * step.Value : number;
    }

    private JsonElement Resolve(JsonElement reference)
    {
        if (reference.ValueKind != JsonValueKind.String || !reference.GetString()!.StartsWith("#/", StringComparison.Ordinal)) return default;
        var at = _root;
        foreach (var step in reference.GetString()![2..].Split('/'))
        {
            var name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at)) return default;
        }

        return at;
    }

    private static JsonNode? Merge(JsonObject? first, JsonNode? second)
    {
        if (first is null || first.Count == 0 || second is not JsonObject members) return second ?? first;
        foreach (var (name, value) in members) first[name] = value?.DeepClone();
        return first;
    }

    // A member named twice would only be noticed, and thrown about, when the node is first looked into.
    private static JsonNode? Node(JsonElement element) =>
        JsonNode.Parse(element.GetRawText(), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });

    private static long? Whole(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    // Bounded, so that no arithmetic on them overflows.
    private static decimal? Amount(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.Number
            && value.TryGetDecimal(out var number)
            && Math.Abs(number) < 1_000_000_000_000
            ? number
            : null;
}
