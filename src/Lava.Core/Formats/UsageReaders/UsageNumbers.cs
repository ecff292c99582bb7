using System.Buffers.Text;
using System.Text.Json;

namespace Lava.Core.Formats.UsageReaders;

/// <summary>Reads the values of a usage object, each after its name. Numbers are read, and strings that are numbers, as some hosts write them. Null counts as
/// nothing said. Anything else, and any negative, is no count: it is read as zero and noted.</summary>
internal struct UsageNumbers
{
    /// <summary>No provider counts higher; a larger number is a fault of its own and must not overflow sums.</summary>
    private const long Most = 1_000_000_000_000;

    /// <summary>Whether a value was no count.</summary>
    public bool IsOdd { get; private set; }

    /// <summary>Whether any count was read, zero included.</summary>
    public bool HasAny { get; private set; }

    /// <summary>Reads a whole number of zero or more. A fraction is cut off.</summary>
    public long Count(ref Utf8JsonReader reader) => (long)Amount(ref reader);

    /// <summary>Reads a number of zero or more.</summary>
    public decimal Amount(ref Utf8JsonReader reader)
    {
        reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return 0;
            case JsonTokenType.Number or JsonTokenType.String when TryParse(reader.ValueSpan, out var value):
                HasAny = true;
                return value;
            default:
                IsOdd = true;
                reader.Skip();
                return 0;
        }
    }

    /// <summary>Reads a captured value, a number or a string of one, as an amount of zero or more.</summary>
    public static bool TryAmount(ReadOnlySpan<byte> json, out decimal amount) => TryParse(json.Trim((byte)'"'), out amount);

    private static bool TryParse(ReadOnlySpan<byte> text, out decimal value)
    {
        if (Utf8Parser.TryParse(text, out value, out var read) && read == text.Length)
        {
            if (value < 0) return false;
            value = Math.Min(value, Most);
            return true;
        }

        // Beyond what a decimal holds, or with an exponent.
        if (!Utf8Parser.TryParse(text, out double real, out read) || read != text.Length || double.IsNaN(real) || real < 0) return false;
        value = real >= Most ? Most : (decimal)real;
        return true;
    }
}
