using Lava.Service.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Lava.Service.Hosting;

/// <summary>Takes the second version out of addresses such as <c>/v1/v1/messages</c>, where a client appends <c>/v1</c> to a base address that has it
/// already. Only calls to models are forgiven so.</summary>
internal sealed class DoubledVersion(RequestDelegate next)
{
    private const string Version = "/v1";

    /// <summary>Runs the rest of the pipeline.</summary>
    public Task InvokeAsync(HttpContext http)
    {
        if (http.Request.Path.StartsWithSegments(Version, StringComparison.OrdinalIgnoreCase, out var rest) && GatewayPaths.Contains(rest))
        {
            http.Request.Path = rest;
            if (http.Features.Get<IHttpRequestFeature>() is { RawTarget: var raw } request && raw.StartsWith(Version, StringComparison.OrdinalIgnoreCase))
                request.RawTarget = raw[Version.Length..];
        }

        return next(http);
    }
}
