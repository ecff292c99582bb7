using Lava.Service.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Lava.Service.Invoices.Documents;

/// <summary>Writes a document in the form that is asked for.</summary>
internal static class InvoiceForm
{
    /// <summary>JSON.</summary>
    public const string Json = "application/json";

    /// <summary>A page to print.</summary>
    public const string Html = "text/html";

    /// <summary>PDF.</summary>
    public const string Pdf = "application/pdf";

    private static readonly string[] Forms = [Json, Html, Pdf];

    /// <summary>The form that a client would rather have; JSON where it says none of them.</summary>
    public static string Asked(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(HeaderNames.Accept, out var header) || !MediaTypeHeaderValue.TryParseList(header, out var accepted)) return Json;
        return accepted.Where(type => type.Quality != 0)
            .OrderByDescending(type => type.Quality ?? 1)
            .SelectMany(type => Forms.Where(form => type.MatchesMediaType(form)))
            .FirstOrDefault() ?? Json;
    }

    /// <summary>The document in that form.</summary>
    public static ApiResult Write(Invoice invoice, string form) => form switch
    {
        Html => ApiResult.Streamed(http => InvoicePage.WriteAsync(http, InvoiceSheet.Of(invoice))),
        Pdf => ApiResult.Streamed(async http =>
        {
            var bytes = InvoicePdf.Write(InvoiceSheet.Of(invoice));
            http.Response.ContentType = Pdf;
            http.Response.ContentLength = bytes.Length;
            http.Response.Headers.ContentDisposition = $"inline; filename=\"{invoice.Number.Replace('/', '-')}.pdf\"";
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers.XContentTypeOptions = "nosniff";
            await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
        }),
        _ => ApiResult.Ok(InvoiceResponse.Of(invoice), InvoicesWire.Default.InvoiceResponse),
    };
}
