using System.Buffers;
using System.Security.Cryptography;

namespace Lava.Core.Ids;

/// <summary>Universally unique, lexicographically sortable identifiers (github.com/ulid/spec): 48 bits of unix milliseconds and 80 random bits as
/// 26 characters of Crockford's base 32.</summary>
public static class Ulid
{
    /// <summary>Characters of a ULID.</summary>
    public const int Length = 26;

    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static readonly SearchValues<char> Digits = SearchValues.Create(Alphabet);

    /// <summary>Makes a ULID of the given time with the given randomness.</summary>
    /// <param name="time">The time; milliseconds count.</param>
    /// <param name="random">At least 10 random bytes.</param>
    public static string Create(DateTimeOffset time, ReadOnlySpan<byte> random)
    {
        Span<char> text = stackalloc char[Length];
        var milliseconds = (ulong)time.ToUnixTimeMilliseconds();
        for (var i = 9; i >= 0; i--)
        {
            text[i] = Alphabet[(int)(milliseconds & 31)];
            milliseconds >>= 5;
        }

        var bits = 0;
        var held = 0;
        var at = 10;
        for (var i = 0; i < 10; i++)
        {
            held = (held << 8) | random[i];
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text[at++] = Alphabet[(held >> bits) & 31];
            }

            held &= (1 << bits) - 1;
        }

        return new string(text);
    }

    /// <summary>Makes a ULID of the given time from the system's random source.</summary>
    public static string Create(DateTimeOffset time)
    {
        Span<byte> random = stackalloc byte[10];
        RandomNumberGenerator.Fill(random);
        return Create(time, random);
    }

    /// <summary>Whether <paramref name="text"/> is a ULID in upper case.</summary>
    public static bool IsValid(ReadOnlySpan<char> text) =>
        text.Length == Length && text[0] <= '7' && !text.ContainsAnyExcept(Digits);

    /// <summary>The mirror image of a ULID: mirrored ULIDs sort newest first. Mirroring twice gives the original.</summary>
    /// <exception cref="FormatException">It is not a ULID.</exception>
    public static string Mirror(ReadOnlySpan<char> ulid)
    {
        if (ulid.Length != Length) throw new FormatException("A ULID has 26 characters.");
        Span<char> text = stackalloc char[Length];
        for (var i = 0; i < Length; i++)
        {
            var digit = Alphabet.IndexOf(ulid[i], StringComparison.Ordinal);
            if (digit < 0) throw new FormatException("A ULID is written in Crockford's base 32.");
            text[i] = Alphabet[31 - digit];
        }

        return new string(text);
    }

    /// <summary>The time in a ULID.</summary>
    /// <exception cref="FormatException">It is not a ULID.</exception>
    public static DateTimeOffset TimeOf(ReadOnlySpan<char> ulid)
    {
        if (!IsValid(ulid)) throw new FormatException("That is not a ULID.");
        var milliseconds = 0L;
        for (var i = 0; i < 10; i++) milliseconds = (milliseconds << 5) | (long)Alphabet.IndexOf(ulid[i], StringComparison.Ordinal);
        return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }
}
