using System.Buffers;
using System.Text.Json;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Gemini;

/// <summary>Google's dialect of schemas as JSON schema, for the other providers: types are in capitals, null is a flag, and lengths may be strings.</summary>
internal static class GeminiSchema
{
    public static JsonElement ToJsonSchema(JsonElement schema)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = JsonOutput.Open(buffer)) Write(schema, json);
        var reader = new Utf8JsonReader(buffer.WrittenSpan, new JsonReaderOptions { MaxDepth = JsonText.MaxDepth });
        return JsonElement.ParseValue(ref reader);
    }

    private static void Write(JsonElement schema, Utf8JsonWriter json)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            schema.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        var isNullable = schema.Member("nullable").ValueKind == JsonValueKind.True;
        foreach (var member in schema.EnumerateObject())
        {
            switch (member.Name)
            {
                case "nullable" or "propertyOrdering" or "property_ordering" or "example":
                    break;
                case "type" when member.Value.ValueKind == JsonValueKind.String:
                    WriteType(member.Value.GetString()!.ToLowerInvariant(), isNullable, json);
                    break;
                case "properties" when member.Value.ValueKind == JsonValueKind.Object:
                    json.WriteStartObject("properties");
                    foreach (var property in member.Value.EnumerateObject())
                    {
                        json.WritePropertyName(property.Name);
                        Write(property.Value, json);
                    }

                    json.WriteEndObject();
                    break;
                case "items":
                    json.WritePropertyName("items");
                    Write(member.Value, json);
                    break;
                case "anyOf" or "any_of" when member.Value.ValueKind == JsonValueKind.Array:
                    json.WriteStartArray("anyOf");
                    foreach (var variant in member.Value.EnumerateArray()) Write(variant, json);
                    json.WriteEndArray();
                    break;
                case "minItems" or "maxItems" or "minLength" or "maxLength" or "minProperties" or "maxProperties"
                    when member.Value.ValueKind == JsonValueKind.String && long.TryParse(member.Value.GetString(), out var count):
                    json.WriteNumber(member.Name, count);
                    break;
                default:
                    member.WriteTo(json);
                    break;
            }
        }

        json.WriteEndObject();
    }

    private static void WriteType(string type, bool isNullable, Utf8JsonWriter json)
    {
        if (!isNullable)
        {
            json.WriteString("type", type);
            return;
        }

        json.WriteStartArray("type");
        json.WriteStringValue(type);
        json.WriteStringValue("null");
        json.WriteEndArray();
    }
}
