using Lava.Console.Parts;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lava.Console.Serving;

/// <summary>Renders a page's component on the server, whole, and writes it with the headers that hold a browser to our own sources.</summary>
internal sealed class PageWriter(IAntiforgery antiforgery, ILoggerFactory loggers)
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        + "base-uri 'none'";

    /// <summary>Writes a page.</summary>
    public async Task WriteAsync<TPage>(CurrentVisit visit)
        where TPage : IComponent
    {
        var http = visit.Http;

        // Before the headers: it would warn of those that it finds.
        if (visit.FormToken.Length == 0) visit.FormToken = antiforgery.GetAndStoreTokens(http).RequestToken!;
        Guard(http);
        await PageRenderer.WriteAsync<Document, TPage>(http, loggers, () => visit.Status);
    }

    /// <summary>Sends the browser on.</summary>
    public static void Redirect(HttpContext http, string path)
    {
        Guard(http);
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = path;
    }

    /// <summary>The visit of a request, for its components.</summary>
    public static CurrentVisit Begin(HttpContext http, string title)
    {
        var visit = http.RequestServices.GetRequiredService<CurrentVisit>();
        visit.Http = http;
        visit.Title = title;
        return visit;
    }

    /// <summary>Holds a browser to our own sources, and keeps nothing.</summary>
    public static void Guard(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XFrameOptions = "DENY";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
    }
}
