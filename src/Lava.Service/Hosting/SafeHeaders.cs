using Microsoft.AspNetCore.Http;

namespace Lava.Service.Hosting;

/// <summary>Puts on every answer what browsers are to know: that a type is what it says, and, where the server is reached by https under a name, that it always
/// is.</summary>
internal sealed class SafeHeaders(RequestDelegate next)
{
    /// <summary>Runs the rest of the pipeline.</summary>
    public Task InvokeAsync(HttpContext http)
    {
        // When the answer begins: until then it may be cleared for another.
        http.Response.OnStarting(
            static state =>
            {
                var http = (HttpContext)state;
                http.Response.Headers.XContentTypeOptions = "nosniff";
                if (http.Request.IsHttps && !IsLocal(http.Request.Host.Host)) http.Response.Headers.StrictTransportSecurity = "max-age=31536000";
                return Task.CompletedTask;
            },
            http);
        return next(http);
    }

    /// <summary>Whether a host is this machine, by any of its usual names.</summary>
    internal static bool IsLocal(string host) =>
        host is "localhost" or "127.0.0.1" or "[::1]" || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
