using PdfSharp;
using PdfSharp.Drawing;
using PdfSharp.Fonts;
using PdfSharp.Pdf;

namespace Lava.Service.Invoices.Documents;

/// <summary>Writes a document as PDF, on sheets of A4. What the fonts cannot show is marked, and a note says so.</summary>
internal sealed class InvoicePdf : IDisposable
{
    private const double Margin = 57;
    private const double Leading = 1.4;

    private static readonly Lock Gate = new();
    private static readonly XPdfFontOptions Encoding = new(PdfFontEncoding.Unicode);
    private static readonly XBrush Ink = new XSolidBrush(XColor.FromArgb(22, 24, 29));
    private static readonly XBrush Quiet = new XSolidBrush(XColor.FromArgb(91, 97, 110));
    private static readonly XPen Line = new(XColor.FromArgb(205, 209, 217), 0.7);

    private static bool _isSet;

    private readonly PdfDocument _document = new();
    private XGraphics _graphics;
    private double _width;
    private double _bottom;
    private double _y;
    private int _missing;

    private InvoicePdf(InvoiceSheet sheet)
    {
        _document.Info.Title = $"{sheet.Title} {sheet.Number}";
        _document.Info.Author = sheet.Issuer[0];
        _document.Info.CreationDate = sheet.IssuedAt.UtcDateTime;
        _graphics = NewPage();
        Draw(sheet);
    }

    /// <summary>The file.</summary>
    public static byte[] Write(InvoiceSheet sheet)
    {
        // The library keeps its fonts for the whole process.
        lock (Gate)
        {
            if (!_isSet) (GlobalFontSettings.FontResolver, _isSet) = (new EmbeddedFonts(), true);
            using var pdf = new InvoicePdf(sheet);
            pdf._graphics.Dispose();
            using var bytes = new MemoryStream();
            pdf._document.Save(bytes, closeStream: false);
            return bytes.ToArray();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _graphics.Dispose();
        _document.Dispose();
    }

    private void Draw(InvoiceSheet sheet)
    {
        var (title, text, strong, small) = (Font(24, true), Font(10), Font(10, true), Font(8.5));
        var half = Margin + (_width / 2);
        var top = _y;
        Text(sheet.Title, title, Ink, Margin, _width / 2);
        var titleEnd = _y;
        _y = top + 6;
        var facts = Margin + (_width * 0.44);
        foreach (var (label, value) in sheet.Facts)
        {
            var at = _y;
            Text(label, text, Quiet, facts, 50);
            _y = at;
            Text(value, text, Ink, facts + 50, (_width * 0.56) - 50);
        }

        _y = Math.Max(_y, titleEnd) + 28;
        top = _y;
        Party("From", sheet.Issuer, Margin);
        var issuerEnd = _y;
        _y = top;
        Party("To", sheet.Buyer, half);
        _y = Math.Max(_y, issuerEnd) + 30;

        var before = _y;
        Text("Description", small, Quiet, Margin, _width - 120);
        _y = before;
        Right("Amount", small, Quiet);
        _y += 4;
        Rule();
        foreach (var (description, more, amount) in sheet.Rows)
        {
            Room(40);
            before = _y;
            Right(amount, text, Ink);
            _y = before;
            Text(description, text, Ink, Margin, _width - 120);
            if (more.Length > 0) Text(more, small, Quiet, Margin, _width - 120);
            _y += 6;
            Rule();
        }

        foreach (var (index, (label, amount)) in sheet.Sums.Index())
        {
            Room(30);
            var isTotal = index == sheet.Sums.Count - 1;
            before = _y;
            RightOf(label, isTotal ? strong : text, isTotal ? Ink : Quiet, Margin + _width - 100);
            _y = before;
            Right(amount, isTotal ? strong : text, Ink);
            _y += 4;
        }

        _y += 30;
        Rule();
        foreach (var note in sheet.Notes) Text(note, small, Quiet, Margin, _width);
        if (_missing > 0)
        {
            var count = _missing == 1 ? "One character" : $"{_missing} characters";
            Text($"{count} of this document cannot be shown here and {(_missing == 1 ? "is" : "are")} marked {EmbeddedFonts.Missing}. "
                + "The web page of the document shows all of its text.", small, Ink, Margin, _width);
        }

        void Party(string label, IReadOnlyList<string> lines, double x)
        {
            Text(label, small, Quiet, x, (_width / 2) - 20);
            foreach (var (index, line) in lines.Index()) Text(line, index == 0 ? strong : text, Ink, x, (_width / 2) - 20);
        }
    }

    private static XFont Font(double size, bool isBold = false) =>
        new(EmbeddedFonts.Family, size, isBold ? XFontStyleEx.Bold : XFontStyleEx.Regular, Encoding);

    // Writes a text below what is written, on as many lines as it takes.
    private void Text(string text, XFont font, XBrush brush, double x, double width)
    {
        foreach (var line in Wrapped(EmbeddedFonts.Shown(text, ref _missing), font, width))
        {
            Room(font.Size * Leading);
            _y += font.Size * Leading;
            _graphics.DrawString(line, font, brush, x, _y);
        }
    }

    private void Right(string text, XFont font, XBrush brush) => RightOf(text, font, brush, Margin + _width);

    private void RightOf(string text, XFont font, XBrush brush, double right)
    {
        var shown = EmbeddedFonts.Shown(text, ref _missing);
        _y += font.Size * Leading;
        _graphics.DrawString(shown, font, brush, right - _graphics.MeasureString(shown, font).Width, _y);
    }

    private IEnumerable<string> Wrapped(string text, XFont font, double width)
    {
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? word : line + " " + word;
            if (Fits(longer))
            {
                line = longer;
                continue;
            }

            if (line.Length > 0) yield return line;
            line = word;

            // A word that is wider than the column is broken where it has to be, never within a character.
            while (!Fits(line))
            {
                var end = line.Length - 1;
                while (end > 1 && (char.IsLowSurrogate(line[end]) || !Fits(line[..end]))) end--;
                yield return line[..end];
                line = line[end..];
            }
        }

        if (line.Length > 0) yield return line;

        bool Fits(string part) => part.Length <= 1 || _graphics.MeasureString(part, font).Width <= width;
    }

    private void Rule()
    {
        _y += 2;
        _graphics.DrawLine(Line, Margin, _y, Margin + _width, _y);
        _y += 4;
    }

    private void Room(double height)
    {
        if (_y + height <= _bottom) return;
        _graphics.Dispose();
        _graphics = NewPage();
    }

    private XGraphics NewPage()
    {
        var page = _document.AddPage();
        page.Size = PageSize.A4;
        (_width, _bottom, _y) = (page.Width.Point - (2 * Margin), page.Height.Point - Margin, Margin);
        return XGraphics.FromPdfPage(page);
    }
}
