using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Lava.Service.Api;

/// <summary>Values of a route as they stand in the address, decoded. Endpoints read them so, and not as a method's parameters: for those the framework compiles
/// a handler when the first request of an instance comes, which was a quarter of a cold start (docs/benchmarks.md).</summary>
internal static class RouteText
{
    /// <summary>The value of a hole that the endpoint's pattern has.</summary>
    public static string Of(HttpContext http, string name) => (string)http.Request.RouteValues[name]!;

    /// <summary>The value of a hole, decoded exactly once. The server decodes everything of a path but a slash, so that an encoded slash and an encoded
    /// <c>%2F</c> look alike in its route values; what came on the wire tells them apart.</summary>
    public static string DecodedOf(HttpContext http, string name)
    {
        var value = (string?)http.Request.RouteValues[name] ?? "";
        if (!value.Contains("%2F", StringComparison.OrdinalIgnoreCase)) return value;
        var path = RawTarget.Of(http).AsSpan();
        if (path.IndexOf('?') is >= 0 and var end) path = path[..end];
        var segments = path.Trim('/').ToString().Split('/');
        var pattern = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.PathSegments;
        if (pattern is not null && pattern.Count == segments.Length)
        {
            for (var i = 0; i < pattern.Count; i++)
            {
                if (pattern[i].Parts is [RoutePatternParameterPart part] && part.Name == name) return Uri.UnescapeDataString(segments[i]);
            }
        }

        return value.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
    }
}
