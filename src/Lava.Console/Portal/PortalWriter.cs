using Lava.Console.Portal.Parts;
using Lava.Console.Serving;
using Lava.Service.Api;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lava.Console.Portal;

/// <summary>Writes pages of the portal with the headers that hold a browser to our own sources and to the origin that may frame them.</summary>
internal sealed class PortalWriter(ILoggerFactory loggers)
{
    /// <summary>Writes a page.</summary>
    public Task WriteAsync<TPage>(PortalVisit visit)
        where TPage : IComponent
    {
        Guard(visit);
        return PageRenderer.WriteAsync<PortalDocument, TPage>(visit.Http, loggers, () => visit.Status);
    }

    /// <summary>Sends the browser on.</summary>
    public static void Redirect(PortalVisit visit, string path)
    {
        Guard(visit);
        visit.Http.Response.StatusCode = StatusCodes.Status303SeeOther;
        visit.Http.Response.Headers.Location = path;
    }

    /// <summary>The visit of a request, for its components.</summary>
    public static PortalVisit Begin(HttpContext http, string title)
    {
        var visit = http.RequestServices.GetRequiredService<PortalVisit>();
        visit.Http = http;
        visit.Title = title;
        return visit;
    }

    private static void Guard(PortalVisit visit)
    {
        var headers = visit.Http.Response.Headers;
        var logo = visit.Branding.LogoAddress is { } address ? " " + AsciiAddress.Origin(address) : "";

        // A page without a visit has nothing to be clicked on, and says in the merchant's frame why there is no other.
        var ancestors = visit.Session is null ? "https: http:" : visit.Session.EmbedOrigin ?? "'none'";
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:{logo}; form-action 'self'; frame-ancestors {ancestors}; "
            + "base-uri 'none'";
        if (visit.Session is { EmbedOrigin: null }) headers.XFrameOptions = "DENY";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
    }
}
