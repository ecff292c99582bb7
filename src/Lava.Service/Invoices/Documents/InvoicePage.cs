using System.Text;
using System.Text.Encodings.Web;
using Lava.Service.Pages;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Invoices.Documents;

/// <summary>Writes a document as a page that prints on one sheet.</summary>
internal static class InvoicePage
{
    private static readonly string Sheet = EmbeddedFile.Read("Invoices/Documents/invoice.css");

    /// <summary>Writes it as the response.</summary>
    public static Task WriteAsync(HttpContext http, InvoiceSheet sheet)
    {
        var html = new StringBuilder();
        html.Append("<main><header><h1>").Append(Encode(sheet.Title)).Append("</h1><dl class=\"facts\">");
        foreach (var (label, text) in sheet.Facts)
            html.Append("<div><dt>").Append(Encode(label)).Append("</dt><dd>").Append(Encode(text)).Append("</dd></div>");
        html.Append("</dl></header><div class=\"parties\">");
        Party(html, "From", sheet.Issuer);
        Party(html, "To", sheet.Buyer);
        html.Append("</div><table><thead><tr><th scope=\"col\">Description</th><th scope=\"col\" class=\"num\">Amount</th></tr></thead><tbody>");
        foreach (var (text, more, amount) in sheet.Rows)
        {
            html.Append("<tr><td>").Append(Encode(text));
            if (more.Length > 0) html.Append("<small>").Append(Encode(more)).Append("</small>");
            html.Append("</td><td class=\"num\">").Append(Encode(amount)).Append("</td></tr>");
        }

        html.Append("</tbody><tfoot>");
        foreach (var (index, (label, amount)) in sheet.Sums.Index())
        {
            html.Append(index == sheet.Sums.Count - 1 ? "<tr class=\"total\">" : "<tr>");
            html.Append("<th scope=\"row\">").Append(Encode(label)).Append("</th><td class=\"num\">").Append(Encode(amount)).Append("</td></tr>");
        }

        html.Append("</tfoot></table><footer>");
        foreach (var note in sheet.Notes) html.Append("<p>").Append(Encode(note)).Append("</p>");
        html.Append("</footer></main>");
        return new HtmlPage(Encode($"{sheet.Title} {sheet.Number}"), html.ToString()) { Style = Sheet }.WriteAsync(http, StatusCodes.Status200OK);
    }

    private static void Party(StringBuilder html, string label, IReadOnlyList<string> lines)
    {
        html.Append("<section><h2>").Append(label).Append("</h2><p>");
        foreach (var (index, line) in lines.Index())
        {
            if (index == 0) html.Append("<strong>").Append(Encode(line)).Append("</strong>");
            else html.Append("<br>").Append(Encode(line));
        }

        html.Append("</p></section>");
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
