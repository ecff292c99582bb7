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

    /// <summary>The characters of a JSON string, with its quotes; halves of surrogate pairs stay, for the other half may be in the next one.</summary>
    public static string CharactersOf(ReadOnlySpan<byte> token)
    {
        var text = new StringBuilder(token.Length);
        for (var rest = token[1..^1]; !rest.IsEmpty;)
        {
            var at = rest.IndexOf((byte)'\\');
            if (at != 0)
            {
                var run = at < 0 ? rest : rest[..at];
                text.Append(Encoding.UTF8.GetString(run));
                rest = rest[run.Length..];
                continue;
            }

            if (rest[1] == (byte)'u') text.Append((char)Convert.ToUInt16(Encoding.ASCII.GetString(rest.Slice(2, 4)), 16));
            else
            {
                text.Append((char)(rest[1] switch { (byte)'n' =>
                    (byte)'\n', (byte)'t' => (byte)'\t', (byte)'r' => (byte)'\r', (byte)'b' => (byte)'\b', (byte)'f' => (byte)'\f', var c => c }));
            }
            rest = rest[(rest[1] == (byte)'u' ? 6 : 2)..];
        }

        return text.ToString();
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
