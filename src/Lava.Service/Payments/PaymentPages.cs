using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Lava.Service.Payments;

/// <summary>What the simulator's pages have in common: they stand in for a processor's or a bank's, run no script, and tell nobody their address.</summary>
internal static class PaymentPages
{
    /// <summary>Whether a secret of an address is the one that is known.</summary>
    public static bool IsSecret(string? known, string secret) => known is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(known), Encoding.UTF8.GetBytes(secret));

    /// <summary>An address that a browser may be sent to; null for any other.</summary>
    public static Uri? Back(Uri? address) => address is { IsAbsoluteUri: true, Scheme: "https" or "http" } ? address : null;

    /// <summary>A field of the form that was sent; null where there is none or the form is no form.</summary>
    public static async ValueTask<string?> ReadFieldAsync(HttpContext http, string name)
    {
        if (!http.Request.HasFormContentType) return null;
        try
        {
            var form = await http.Request.ReadFormAsync(new FormOptions { BufferBodyLengthLimit = 1024, ValueLengthLimit = 128, KeyLengthLimit = 64, ValueCountLimit = 4 }, http.RequestAborted);
            return form[name].ToString();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Sends the browser on.</summary>
    public static void SendTo(HttpContext http, Uri address)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = address.AbsoluteUri;
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
    }

    /// <summary>Writes a page.</summary>
    /// <param name="http">The request.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="title">The page's title, as HTML.</param>
    /// <param name="body">What stands below it, as HTML.</param>
    /// <param name="returnUrl">Where its form leads in the end, if anywhere.</param>
    public static Task WriteAsync(HttpContext http, int status, string title, string body, Uri? returnUrl)
    {
        // Browsers hold a form's redirect to the form's rule too.
        var back = Back(returnUrl) is { } address ? " " + address.GetLeftPart(UriPartial.Authority) : "";
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'unsafe-inline'; form-action 'self'{back}; frame-ancestors 'none'; base-uri 'none'";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        return http.Response.WriteAsync($$"""
            <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{title}}</title>
            <style>body{font:16px system-ui;max-width:30rem;margin:4rem auto;padding:0 1rem}button,select{font:inherit;padding:.5rem 1rem}</style>
            <h1>{{title}}</h1>{{body}}</html>
            """, http.RequestAborted);
    }
}
