using System.Text;
using System.Text.Json;

namespace Lava.Core.Formats.Answers;

/// <summary>Reads captured JSON strings.</summary>
internal static class JsonText
{
    private const int MaxLength = 255;

    /// <summary>A captured JSON string's text, cut to 255 characters; null where it is none.</summary>
    public static string? Read(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty) return null;
        try
        {
            var reader = new Utf8JsonReader(json);
            return reader.Read() && reader.TokenType == JsonTokenType.String ? Cut(reader.GetString()) : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>A string cut to 255 characters.</summary>
    public static string? Cut(string? text) => text is null or { Length: 0 } ? null : text.Length <= MaxLength ? text : text[..MaxLength];
}
