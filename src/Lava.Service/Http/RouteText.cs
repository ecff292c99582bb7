using Microsoft.AspNetCore.Http;

namespace Lava.Service.Http;

/// <summary>Values of a route as they stand in the address, decoded. Endpoints read them so, and not as a method's parameters: for those the framework compiles a handler when the
/// first request of an instance comes, which was a quarter of a cold start (docs/benchmarks.md).</summary>
internal static class RouteText
{
    /// <summary>The value of a hole that the endpoint's pattern has.</summary>
    public static string Of(HttpContext http, string name) => (string)http.Request.RouteValues[name]!;
}
