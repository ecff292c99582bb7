using System.Buffers.Text;
using System.Text.Json;

namespace Lava.Core.Formats.Usages;

/// <summary>Reads the value after a property name as a number; anything else, and any negative, counts as zero.</summary>
internal static class JsonNumbers
{
    /// <summary>No provider counts higher; a larger number is a fault of its own and must not overflow sums.</summary>
    private const long Most = 1_000_000_000_000;

    public static long Count(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.Number)
        {
            reader.Skip();
            return 0;
        }

        if (reader.TryGetInt64(out var whole)) return Math.Clamp(whole, 0, Most);
        return reader.TryGetDouble(out var real) && double.IsFinite(real) ? (long)Math.Clamp(real, 0, Most) : 0;
    }

    public static decimal Amount(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var amount)) return Math.Clamp(amount, 0, Most);
        reader.Skip();
        return 0;
    }

    /// <summary>Reads a captured value, a number or a string of one, as an amount of zero or more.</summary>
    public static bool TryAmount(ReadOnlySpan<byte> json, out decimal amount)
    {
        json = json.Trim((byte)'"');
        if (!Utf8Parser.TryParse(json, out amount, out var read) || read != json.Length) return false;
        amount = Math.Clamp(amount, 0, Most);
        return true;
    }
}
