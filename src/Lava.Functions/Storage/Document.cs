using System.Text;
using Azure.Data.Tables;

namespace Lava.Functions.Storage;

/// <summary>A row's document as properties of an entity: text, so that a storage explorer shows it, over as many properties <c>Data</c>, <c>Data2</c>, … as it
/// needs.</summary>
internal static class Document
{
    /// <summary>Most UTF-16 units in a property; the service takes 32,768.</summary>
    private const int MaxUnits = 32_000;

    /// <summary>Writes UTF-8 text into the entity's properties.</summary>
    public static void Spread(ReadOnlySpan<byte> utf8, TableEntity entity)
    {
        var text = Encoding.UTF8.GetString(utf8);
        var start = 0;
        for (var part = 1; part == 1 || start < text.Length; part++)
        {
            var length = Math.Min(MaxUnits, text.Length - start);
            // A pair of surrogates stays together: half of one is not text, and the wire would replace it.
            if (start + length < text.Length && char.IsHighSurrogate(text[start + length - 1])) length--;
            entity[Name(part)] = text.Substring(start, length);
            start += length;
        }
    }

    /// <summary>Reads the properties back, as UTF-8.</summary>
    public static byte[] Gather(TableEntity entity)
    {
        var first = entity.GetString(Name(1)) ?? "";
        if (entity.GetString(Name(2)) is null) return Encoding.UTF8.GetBytes(first);
        var text = new StringBuilder(first);
        for (var part = 2; entity.GetString(Name(part)) is { } next; part++) text.Append(next);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Name(int part) => part == 1 ? "Data" : $"Data{part}";
}
