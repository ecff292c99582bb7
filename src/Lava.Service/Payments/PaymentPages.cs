using Lava.Service.Api;
using Lava.Service.Api.Input;
using Lava.Service.Pages;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Payments;

/// <summary>What the simulator's pages have in common: they stand in for a processor's or a bank's, run no script, and tell nobody their address.</summary>
internal static class PaymentPages
{
    /// <summary>An address that a browser may be sent to, with its host in ASCII; null for any other.</summary>
    public static Uri? Back(Uri? address) => address is { IsAbsoluteUri: true, Scheme: "https" or "http" } ? AsciiAddress.Of(address) : null;

    /// <summary>A field of the form that was sent; null where there is none or the form is no form.</summary>
    public static async ValueTask<string?> ReadFieldAsync(HttpContext http, string name) => (await SmallForm.ReadAsync(http))?[name].ToString();

    /// <summary>Writes a page.</summary>
    /// <param name="http">The request.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="title">The page's title, as HTML.</param>
    /// <param name="body">What stands below it, as HTML.</param>
    /// <param name="returnUrl">Where its form leads in the end; null where it leads nowhere. A page with a way back may be framed: a checkout takes place in a
    /// frame of the merchant's page, and who could frame this page knows its address and could end the payment without it.</param>
    public static Task WriteAsync(HttpContext http, int status, string title, string body, Uri? returnUrl) => new HtmlPage(title, $"<h1>{title}</h1>{body}")
    {
        FormTargets = Back(returnUrl)?.GetLeftPart(UriPartial.Authority) ?? "",
        FrameAncestors = returnUrl is null ? "'none'" : "https: http:",
    }.WriteAsync(http, status);
}
