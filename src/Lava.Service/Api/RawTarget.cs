using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Lava.Service.Api;

/// <summary>A request's target as it came on the wire: decoded route values would no longer tell an encoded slash from a slash.</summary>
internal static class RawTarget
{
    /// <summary>Path and query.</summary>
    public static string Of(HttpContext http)
    {
        var raw = http.Features.Get<IHttpRequestFeature>()?.RawTarget;
        return string.IsNullOrEmpty(raw) || !raw.StartsWith('/') ? http.Request.Path + http.Request.QueryString : raw;
    }
}
