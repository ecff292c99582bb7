using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.OpenApi;

/// <summary><c>/v1/openapi.json</c> and its page for readers, <c>/docs</c>.</summary>
internal sealed class OpenApiEndpoints(ApiDocument document) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/v1/openapi.json", ["GET"], async http => await WholeAnswer.WriteAsync(http, "application/json", await document.JsonAsync()));
        routes.MapMethods("/docs", ["GET"], async http =>
        {
            http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";
            await WholeAnswer.WriteAsync(http, "text/html; charset=utf-8", await document.HtmlAsync());
        });
    }
}
