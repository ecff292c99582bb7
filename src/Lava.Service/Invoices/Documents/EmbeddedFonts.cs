using System.Globalization;
using System.Text;
using PdfSharp.Fonts;

namespace Lava.Service.Invoices.Documents;

/// <summary>The fonts of our PDFs, Roboto (Apache-2.0), which has Latin, Greek and Cyrillic. They come with the program, so no machine needs fonts.</summary>
internal sealed class EmbeddedFonts : IFontResolver
{
    /// <summary>The family's name.</summary>
    public const string Family = "Roboto";

    /// <summary>Stands for a character that the fonts do not have.</summary>
    public const char Missing = '\uFFFD';

    private const string Regular = "Roboto-Regular";
    private const string Bold = "Roboto-Bold";

    private static readonly byte[] RegularFile = Read(Regular);
    private static readonly byte[] BoldFile = Read(Bold);
    private static readonly FontCoverage Coverage = new(RegularFile);

    /// <inheritdoc/>
    public FontResolverInfo? ResolveTypeface(string familyName, bool isBold, bool isItalic) =>
        familyName == Family ? new FontResolverInfo(isBold ? Bold : Regular) : null;

    /// <inheritdoc/>
    public byte[]? GetFont(string faceName) => faceName switch { Regular => RegularFile, Bold => BoldFile, _ => null };

    /// <summary>A text with a mark in the place of each character that the fonts do not have.</summary>
    /// <param name="text">The text.</param>
    /// <param name="missing">Counts those characters up.</param>
    public static string Shown(string text, ref int missing)
    {
        var shown = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Coverage.Has(rune.Value)) shown.Append(rune.ToString());
            else if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format) continue;
            else
            {
                missing++;
                shown.Append(Missing);
            }
        }

        return shown.ToString();
    }

    private static byte[] Read(string name)
    {
        var path = $"Invoices/Documents/{name}.ttf";
        using var stream = typeof(EmbeddedFonts).Assembly.GetManifestResourceStream(path) ?? throw new FileNotFoundException("No such embedded file.", path);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
