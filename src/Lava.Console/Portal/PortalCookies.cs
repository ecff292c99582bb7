using Lava.Service.Hosting;
using Microsoft.AspNetCore.Http;

namespace Lava.Console.Portal;

/// <summary>The cookie of a visit. One for a frame goes with requests of another site's page and is kept for that site alone (CHIPS); browsers demand https
/// for it, or a page of this machine. It has a name of its own, so that the two do not stand in each other's way.</summary>
internal static class PortalCookies
{
    private const string Own = "lava_portal";
    private const string Framed = "lava_portal_frame";

    /// <summary>Id of the visit of a request; null where there is none.</summary>
    public static string? Read(HttpContext http) => http.Request.Cookies[Framed] ?? http.Request.Cookies[Own];

    /// <summary>Gives the browser a visit, in the place of any that it had.</summary>
    public static void Write(HttpContext http, string id, bool isFramed, DateTimeOffset until)
    {
        Delete(http);
        var options = Options(http, isFramed);
        options.Expires = until;
        http.Response.Cookies.Append(isFramed ? Framed : Own, id, options);
    }

    /// <summary>Takes the visit away.</summary>
    public static void Delete(HttpContext http)
    {
        if (http.Request.Cookies.ContainsKey(Own)) http.Response.Cookies.Delete(Own, Options(http, isFramed: false));
        if (http.Request.Cookies.ContainsKey(Framed)) http.Response.Cookies.Delete(Framed, Options(http, isFramed: true));
    }

    private static CookieOptions Options(HttpContext http, bool isFramed)
    {
        var options = new CookieOptions
        {
            Path = "/portal",
            HttpOnly = true,
            SameSite = isFramed ? SameSiteMode.None : SameSiteMode.Lax,
            Secure = isFramed || http.Request.IsHttps || !SafeHeaders.IsLocal(http.Request.Host.Host),
        };
        if (isFramed) options.Extensions.Add("Partitioned");
        return options;
    }
}
