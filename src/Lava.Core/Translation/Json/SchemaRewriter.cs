using System.Text.Json;

namespace Lava.Core.Translation.Json;

/// <summary>Writes a JSON schema with what a provider misses in it.</summary>
/// <param name="closes">Whether objects are closed (<c>additionalProperties: false</c>) and bounds of numbers, texts and lists are left out, as Claude wants of
/// an answer's schema (platform.claude.com/docs/en/build-with-claude/structured-outputs); else objects get <c>properties</c> and arrays <c>items</c>, as OpenAI
/// wants of a tool's.</param>
internal sealed class SchemaRewriter(bool closes)
{
    /// <summary>Adds what is missing of a tool's schema for OpenAI; the root is an object's.</summary>
    public static readonly SchemaRewriter Complete = new(closes: false);

    /// <summary>Closes an answer's schema for Claude.</summary>
    public static readonly SchemaRewriter Closed = new(closes: true);

    /// <summary>Writes a schema.</summary>
    public void Write(JsonElement schema, Utf8JsonWriter json, bool isRoot = true)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            schema.WriteTo(json);
            return;
        }

        var type = schema.Member("type");
        var isReference = schema.Member("$ref").ValueKind == JsonValueKind.String;
        json.WriteStartObject();
        if (isRoot && type.ValueKind == JsonValueKind.Undefined && !isReference && !HasVariants(schema)) json.WriteString("type", "object");
        foreach (var member in schema.EnumerateObject()) WriteMember(member, json);
        var isObject = Is(type, "object") || (isRoot && type.ValueKind == JsonValueKind.Undefined && !isReference && !HasVariants(schema));
        if (isObject && !closes && schema.Member("properties").ValueKind == JsonValueKind.Undefined)
        {
            json.WriteStartObject("properties");
            json.WriteEndObject();
        }

        if (isObject && closes) json.WriteBoolean("additionalProperties", false);
        if (Is(type, "array") && !closes && schema.Member("items").ValueKind == JsonValueKind.Undefined)
        {
            json.WriteStartObject("items");
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void WriteMember(JsonProperty member, Utf8JsonWriter json)
    {
        switch (member.Name)
        {
            case "additionalProperties" or "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum" or "multipleOf" or "minLength" or "maxLength"
                or "minItems" or "maxItems" or "uniqueItems" or "minProperties" or "maxProperties" or "patternProperties" or "propertyNames" when closes:
                return;
            case "properties" or "$defs" or "definitions" or "patternProperties" when member.Value.ValueKind == JsonValueKind.Object:
                json.WriteStartObject(member.Name);
                foreach (var inner in member.Value.EnumerateObject())
                {
                    json.WritePropertyName(inner.Name);
                    Write(inner.Value, json, isRoot: false);
                }

                json.WriteEndObject();
                return;
            case "items" or "additionalProperties" or "not" when member.Value.ValueKind == JsonValueKind.Object:
                json.WritePropertyName(member.Name);
                Write(member.Value, json, isRoot: false);
                return;
            case "anyOf" or "oneOf" or "allOf" or "prefixItems" when member.Value.ValueKind == JsonValueKind.Array:
                json.WriteStartArray(member.Name);
                foreach (var inner in member.Value.EnumerateArray()) Write(inner, json, isRoot: false);
                json.WriteEndArray();
                return;
            default:
                member.WriteTo(json);
                return;
        }
    }

    private static bool HasVariants(JsonElement schema) =>
        schema.Member("anyOf").ValueKind == JsonValueKind.Array || schema.Member("oneOf").ValueKind == JsonValueKind.Array
            || schema.Member("allOf").ValueKind == JsonValueKind.Array;

    private static bool Is(JsonElement type, string name) =>
        type.AsText() == name || (type.ValueKind == JsonValueKind.Array && type.EnumerateArray().Any(item => item.AsText() == name));
}
