using System.Text.Json;

namespace Lava.Core.Translation.Json;

/// <summary>JSON that stands as text inside JSON, as OpenAI's arguments do, and lenient look-ups in what a provider says.</summary>
internal static class JsonText
{
    /// <summary>Deepest nesting of anything that is read.</summary>
    public const int MaxDepth = Formats.RequestReader.MaxDepth;

    public static JsonDocumentOptions Options => new() { MaxDepth = MaxDepth };

    /// <summary>Writes text that should be a JSON object as one; empty text is the empty object. False, with nothing written, where it is none.</summary>
    public static bool TryWriteObject(Utf8JsonWriter json, string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            json.WriteStartObject();
            json.WriteEndObject();
            return true;
        }

        if (TryParse(text) is not { } document) return false;
        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object) return false;
            document.RootElement.WriteTo(json);
            return true;
        }
    }

    /// <summary>Parses; null where it is no JSON.</summary>
    public static JsonDocument? TryParse(string text)
    {
        try
        {
            return JsonDocument.Parse(text, Options);
        }
        catch (JsonException)
        {
            return null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Parses; null where it is no JSON. The memory must live as long as the document.</summary>
    public static JsonDocument? TryParse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return System.Text.Unicode.Utf8.IsValid(bytes.Span) ? JsonDocument.Parse(bytes, Options) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Compact JSON text of a value.</summary>
    public static string Compact(JsonElement value)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = JsonOutput.Open(buffer)) value.WriteTo(json);
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A member, without a value where there is none.</summary>
    public static JsonElement Member(this JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) ? member : default;

    /// <summary>A text member; null where it is none.</summary>
    public static string? Text(this JsonElement value, string name) => Member(value, name).AsText();

    public static string? AsText(this JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Elements of a list member; none where it is no list.</summary>
    public static JsonElement.ArrayEnumerator Items(this JsonElement value, string name) =>
        Member(value, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default;

    public static long? Whole(this JsonElement value, string name) =>
        Member(value, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var whole) ? whole : null;

    /// <summary>The bytes of a value as they stand in the document: a string with its quotes and escapes.</summary>
    public static ReadOnlySpan<byte> Raw(this JsonElement value) =>
        value.ValueKind == JsonValueKind.Undefined ? default : System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value);
}
