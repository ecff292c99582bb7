using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Lava.Core.Translation.Json;

/// <summary>Text as a JSON string with its quotes.</summary>
internal static class JsonToken
{
    public static ReadOnlySpan<byte> Of(string text)
    {
        var buffer = new ArrayBufferWriter<byte>(text.Length + 2);
        using (var json = JsonOutput.Open(buffer)) json.WriteStringValue(text);
        return buffer.WrittenSpan;
    }

    /// <summary>The text of a JSON string that is given without its quotes; what is not text in it is replaced.</summary>
    public static string TextOf(ReadOnlySpan<byte> inner)
    {
        var quoted = new byte[inner.Length + 2];
        quoted[0] = quoted[^1] = (byte)'"';
        inner.CopyTo(quoted.AsSpan(1));
        var reader = new Utf8JsonReader(quoted);
        try
        {
            return reader.Read() ? reader.GetString() ?? "" : "";
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(inner);
        }
        catch (JsonException)
        {
            return Encoding.UTF8.GetString(inner);
        }
    }
}
