using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lava.Service.Sandbox;

/// <summary>JSON as providers write it: compact UTF-8 that escapes only what it must.</summary>
internal static class SandboxJson
{
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>Characters of JSON that make one token, and one delta of a stream.</summary>
    private const int CharactersOfToken = 4;

    private static readonly JsonWriterOptions Options = new() { Encoder = Encoder };

    public static byte[] Bytes(JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options)) node.WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }

    public static string Text(JsonNode node) => Encoding.UTF8.GetString(Bytes(node));

    /// <summary>A text as a JSON string, quotes included.</summary>
    public static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, Encoder)}\"";

    /// <summary>A text escaped for the inside of a JSON string.</summary>
    public static byte[] Inner(string text) => [.. JsonEncodedText.Encode(text, Encoder).EncodedUtf8Bytes];

    /// <summary>JSON cut into tokens.</summary>
    public static IEnumerable<string> Pieces(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(CharactersOfToken, text.Length - at);
            if (at + length < text.Length && char.IsHighSurrogate(text[at + length - 1])) length++;
            yield return text.Substring(at, length);
            at += length;
        }
    }

    public static byte[] Number(long value) => Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture));
}
