using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lava.Core.Translation.Json;

/// <summary>Writes JSON as the providers do: compact, and with text as it is instead of in escapes.</summary>
internal static class JsonOutput
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Utf8JsonWriter Open(IBufferWriter<byte> output) => new(output, Options);

    public static void WriteIfGiven(this Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    public static void WriteIfGiven(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
    }

    public static void WriteIfGiven(this Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
    }

    public static void WriteIfGiven(this Utf8JsonWriter json, string name, bool? value)
    {
        if (value is { } flag) json.WriteBoolean(name, flag);
    }

    public static void WriteTexts(this Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0) return;
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    /// <summary>Writes a JSON string that is given as it stood in other JSON, with its quotes and escapes.</summary>
    public static void WriteToken(this Utf8JsonWriter json, string name, ReadOnlySpan<byte> token)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(token, skipInputValidation: true);
    }

    public static void WriteElement(this Utf8JsonWriter json, string name, JsonElement value)
    {
        json.WritePropertyName(name);
        value.WriteTo(json);
    }
}
