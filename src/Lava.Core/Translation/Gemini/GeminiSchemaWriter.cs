using System.Text.Json;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Gemini;

/// <summary>Writes JSON schema in Google's dialect (ai.google.dev/api/caching#Schema): what it does not know (<c>$schema</c>, <c>additionalProperties</c>, …)
/// is left out, references are put in place, and null becomes a flag.</summary>
internal sealed class GeminiSchemaWriter(JsonElement root, Utf8JsonWriter json)
{
    /// <summary>Deepest nesting, references followed; what is below is any object. Schemas that refer to themselves end there.</summary>
    private const int MaxDepth = 16;

    /// <summary>Most schemas written; references to references multiply.</summary>
    private const int MaxNodes = 5000;

    private int _nodes;

    /// <summary>Whether the schema, its references put in place, is too large.</summary>
    public bool IsTooLarge => _nodes > MaxNodes;

    public void Write() => Write(root, 0, isNullable: false);

    private void Write(JsonElement schema, int depth, bool isNullable)
    {
        json.WriteStartObject();
        if (++_nodes <= MaxNodes && depth <= MaxDepth) WriteMembers(schema, depth, isNullable);
        else json.WriteString("type", "object");
        json.WriteEndObject();
    }

    private void WriteMembers(JsonElement schema, int depth, bool isNullable)
    {
        var description = schema.Text("description");
        for (var steps = 0; steps < MaxDepth && Target(schema) is { } target; steps++) schema = target;
        if (schema.ValueKind != JsonValueKind.Object) return;
        var variants = schema.Member("anyOf") is { ValueKind: JsonValueKind.Array } any ? any : schema.Member("oneOf");
        if (variants.ValueKind == JsonValueKind.Array)
        {
            var real = variants.EnumerateArray().Where(variant => variant.Text("type") != "null").ToList();
            isNullable |= real.Count < variants.GetArrayLength();
            if (real.Count == 1 && schema.Member("type").ValueKind == JsonValueKind.Undefined)
            {
                WriteMembers(real[0], depth + 1, isNullable);
                if (real[0].Text("description") is null) json.WriteIfGiven("description", description);
                return;
            }

            WriteVariants(real, depth);
        }

        var type = WriteType(schema, ref isNullable);
        json.WriteIfGiven("description", description ?? schema.Text("description"));
        if (isNullable || schema.Member("nullable").ValueKind == JsonValueKind.True) json.WriteBoolean("nullable", true);
        foreach (var member in schema.EnumerateObject()) WriteMember(member, type, depth);
        if (type == "array" && schema.Member("items").ValueKind != JsonValueKind.Object) WriteItems(schema.Member("prefixItems"), depth);
        WriteProperties(schema, depth);
    }

    /// <summary>What a reference, or an <c>allOf</c> of one, stands for; null for a schema that stands for itself.</summary>
    private JsonElement? Target(JsonElement schema)
    {
        if (schema.Member("allOf") is { ValueKind: JsonValueKind.Array } all
            && all.GetArrayLength() > 0
            && schema.Member("type").ValueKind == JsonValueKind.Undefined)
            return all[0];
        if (schema.Text("$ref") is not { } reference || !reference.StartsWith("#/", StringComparison.Ordinal)) return null;
        var target = root;
        foreach (var name in reference[2..].Split('/'))
            target = target.Member(name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
        return target;
    }

    private string? WriteType(JsonElement schema, ref bool isNullable)
    {
        var type = schema.Member("type");
        var name = type.AsText();
        if (type.ValueKind == JsonValueKind.Array)
        {
            var names = type.EnumerateArray().Select(item => item.AsText()).ToList();
            isNullable |= names.Contains("null");
            name = names.Find(item => item is not (null or "null"));
        }

        if (name is null && schema.Member("properties").ValueKind == JsonValueKind.Object) name = "object";
        if (name is null && (schema.Member("enum").ValueKind == JsonValueKind.Array || schema.Member("const").ValueKind == JsonValueKind.String))
            name = "string";
        json.WriteIfGiven("type", name);
        return name;
    }

    private void WriteMember(JsonProperty member, string? type, int depth)
    {
        switch (member.Name)
        {
            case "minItems" or "maxItems" when type is not (null or "array"):
                break;
            case "title" or "default" or "minItems" or "maxItems" or "minimum" or "maximum" or "minLength" or "maxLength" or "pattern" or "minProperties"
                or "maxProperties":
                member.WriteTo(json);
                break;
            case "format" when member.Value.AsText() is "date-time" or "enum" or "int32" or "int64" or "float" or "double":
                member.WriteTo(json);
                break;
            case "enum" when type == "string" && member.Value.ValueKind == JsonValueKind.Array:
                json.WriteTexts("enum", [.. member.Value.EnumerateArray().Select(value => value.AsText()).OfType<string>()]);
                break;
            case "const" when member.Value.AsText() is { } only:
                json.WriteTexts("enum", [only]);
                break;
            case "items" when member.Value.ValueKind == JsonValueKind.Object && type is null or "array":
                json.WritePropertyName("items");
                Write(member.Value, depth + 1, isNullable: false);
                break;
        }
    }

    /// <summary>Writes the elements of an array whose schema does not say them in a way that Google knows: any of a tuple's, or anything.</summary>
    private void WriteItems(JsonElement tuple, int depth)
    {
        json.WriteStartObject("items");
        if (tuple.ValueKind == JsonValueKind.Array && tuple.GetArrayLength() > 0) WriteVariants([.. tuple.EnumerateArray()], depth);
        json.WriteEndObject();
    }

    private void WriteVariants(List<JsonElement> variants, int depth)
    {
        json.WriteStartArray("anyOf");
        foreach (var variant in variants) Write(variant, depth + 1, isNullable: false);
        json.WriteEndArray();
    }

    /// <summary>Writes the properties, and of those required the ones that there are: Google refuses others.</summary>
    private void WriteProperties(JsonElement schema, int depth)
    {
        var properties = schema.Member("properties");
        if (properties.ValueKind != JsonValueKind.Object) return;
        var names = new HashSet<string>(StringComparer.Ordinal);
        json.WriteStartObject("properties");
        foreach (var property in properties.EnumerateObject())
        {
            if (!names.Add(property.Name)) continue;
            json.WritePropertyName(property.Name);
            Write(property.Value, depth + 1, isNullable: false);
        }

        json.WriteEndObject();
        var required = new List<string>();
        foreach (var name in schema.Items("required"))
        {
            if (name.AsText() is { } text && names.Contains(text)) required.Add(text);
        }

        json.WriteTexts("required", required);
    }
}
