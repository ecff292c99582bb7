using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Pages;

/// <summary>A page of ours. It loads nothing from elsewhere and runs no script but its own, unless it says so, is kept nowhere, and tells no other site its
/// address, which may hold a secret.</summary>
/// <param name="Title">Its title, encoded.</param>
/// <param name="Body">Its body as HTML; every text of others in it is encoded.</param>
internal sealed record HtmlPage(string Title, string Body)
{
    private static readonly string DefaultStyle = EmbeddedFile.Read("Pages/page.css");

    /// <summary>Style sheet.</summary>
    public string Style { get; init; } = DefaultStyle;

    /// <summary>Script; null for none.</summary>
    public string? Script { get; init; }

    /// <summary>The script of another's that it loads before its own; null for none, as everywhere but where a card is given.</summary>
    public ThirdPartyScript? Foreign { get; init; }

    /// <summary>Where its forms may lead, redirects included (browsers hold them to the same rule), beside this server: origins separated by spaces.</summary>
    public string FormTargets { get; init; } = "";

    /// <summary>Who may frame it: <c>'none'</c> or an origin.</summary>
    public string FrameAncestors { get; init; } = "'none'";

    /// <summary>Writes the page as a response, with the headers that hold it to its own sources.</summary>
    public async Task WriteAsync(HttpContext http, int status)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var scripts = Script is null ? "" : $"script-src 'nonce-{nonce}'; ";

        // The other's script lays out its frames by their style attributes; a text of others never becomes one.
        if (Foreign is not null)
        {
            scripts = $"script-src 'nonce-{nonce}' {Foreign.Scripts}; style-src-attr 'unsafe-inline'; frame-src {Foreign.Frames}; connect-src "
                + $"{Foreign.Connections}; ";
        }
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'nonce-{nonce}'; {scripts}form-action {$"'self' {FormTargets}".TrimEnd()}; frame-ancestors {FrameAncestors}; "
                + $"base-uri 'none'";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        var foreign = Foreign is null ? "" : $"<script nonce=\"{nonce}\" src=\"{Foreign.Address}\"></script>";
        var script = Script is null ? "" : $"<script nonce=\"{nonce}\">{Script}</script>";
        await http.Response.WriteAsync($$"""
            <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{Title}}</title>
            <style nonce="{{nonce}}">{{Style}}</style>
            {{Body}}{{foreign}}{{script}}</html>
            """, http.RequestAborted);
    }

    /// <summary>Sends the browser on after a form.</summary>
    public static void SeeOther(HttpContext http, string address)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = address;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
    }
}
