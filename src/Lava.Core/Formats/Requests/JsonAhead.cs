using System.Buffers;
using System.Text.Json;

namespace Lava.Core.Formats.Requests;

/// <summary>Looks at what comes next in a JSON body.</summary>
internal static class JsonAhead
{
    /// <summary>Moves to a member's value, without going into it: what is nested is left to the caller's loop.</summary>
    public static JsonTokenType Next(ref Utf8JsonReader reader)
    {
        var ahead = reader;
        ahead.Read();
        if (ahead.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) reader = ahead;
        return ahead.TokenType;
    }

    /// <summary>Whether the member ahead is there: not null, and no empty list.</summary>
    public static bool HasContent(Utf8JsonReader ahead)
    {
        ahead.Read();
        return ahead.TokenType != JsonTokenType.Null
            && (ahead.TokenType != JsonTokenType.StartArray || (ahead.Read() && ahead.TokenType != JsonTokenType.EndArray));
    }

    /// <summary>Whether a value that has begun asks for nothing: false, or an empty list or object.</summary>
    public static bool IsEmpty(Utf8JsonReader ahead, JsonTokenType token)
    {
        if (token is not (JsonTokenType.StartArray or JsonTokenType.StartObject)) return token == JsonTokenType.False;
        ahead.Read();
        ahead.Read();
        return ahead.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject;
    }

    /// <summary>How many elements the list ahead has; 0 where it is no list. A list of numbers is one text's tokens where they are taken so.</summary>
    public static long Count(Utf8JsonReader ahead, bool isNumberOne)
    {
        ahead.Read();
        if (ahead.TokenType != JsonTokenType.StartArray) return 0;
        var count = 0L;
        while (ahead.Read() && ahead.TokenType != JsonTokenType.EndArray)
        {
            if (isNumberOne && ahead.TokenType == JsonTokenType.Number) return 1;
            count++;
            ahead.Skip();
        }

        return count;
    }

    /// <summary>Unicode characters of a string: bytes of UTF-8 that begin one.</summary>
    public static long Characters(ref Utf8JsonReader reader)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            var text = buffer.AsSpan(0, reader.CopyString(buffer));
            var count = 0L;
            foreach (var b in text)
            {
                if ((b & 0xC0) != 0x80) count++;
            }

            return count;
        }
        catch (InvalidOperationException)
        {
            // Not text; the provider will say so. As many as there can be.
            return reader.ValueSpan.Length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
