using System.Buffers.Binary;

namespace Lava.Service.Invoices.Documents;

/// <summary>Which characters a TrueType font has, read from its table <c>cmap</c> (OpenType specification, "cmap", formats 4 and 12).</summary>
internal sealed class FontCoverage
{
    private readonly HashSet<int> _characters = [];

    /// <summary>Reads a font.</summary>
    /// <param name="font">The file.</param>
    /// <exception cref="InvalidDataException">It has no table of Unicode's characters.</exception>
    public FontCoverage(ReadOnlySpan<byte> font)
    {
        var map = Table(font);
        var best = -1;
        for (var i = 0; i < Word(map, 2); i++)
        {
            var at = (int)Long(map, 4 + (i * 8) + 4);
            var format = Word(map, at);
            if (format == 12 || (format == 4 && best < 0)) best = at;
        }

        if (best < 0) throw new InvalidDataException("The font names no characters of Unicode.");
        if (Word(map, best) == 12) ReadGroups(map[best..]);
        else ReadSegments(map[best..]);
    }

    /// <summary>Whether the font has a character.</summary>
    public bool Has(int character) => _characters.Contains(character);

    private static ReadOnlySpan<byte> Table(ReadOnlySpan<byte> font)
    {
        for (var i = 0; i < Word(font, 4); i++)
        {
            var entry = font[(12 + (i * 16))..];
            if (entry[..4].SequenceEqual("cmap"u8)) return font.Slice((int)Long(entry, 8), (int)Long(entry, 12));
        }

        throw new InvalidDataException("The font has no table cmap.");
    }

    private void ReadGroups(ReadOnlySpan<byte> table)
    {
        for (var i = 0; i < Long(table, 12); i++)
        {
            var group = table[(16 + (i * 12))..];
            for (var character = Long(group, 0); character <= Long(group, 4); character++) _characters.Add((int)character);
        }
    }

    // Four arrays follow one another, of the segments' last characters, a word of padding, first characters, shifts and places of glyphs.
    private void ReadSegments(ReadOnlySpan<byte> table)
    {
        var size = Word(table, 6);
        for (var i = 0; i < size; i += 2)
        {
            var (last, first) = (Word(table, 14 + i), Word(table, 16 + size + i));
            var (shift, place) = (Word(table, 16 + (2 * size) + i), Word(table, 16 + (3 * size) + i));
            for (var character = first; character <= last && character != 0xFFFF; character++)
            {
                var glyph = place == 0 ? (character + shift) & 0xFFFF : Word(table, 16 + (3 * size) + i + place + (2 * (character - first)));
                if (glyph != 0) _characters.Add(character);
            }
        }
    }

    private static int Word(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadUInt16BigEndian(data[at..]);

    private static uint Long(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadUInt32BigEndian(data[at..]);
}
