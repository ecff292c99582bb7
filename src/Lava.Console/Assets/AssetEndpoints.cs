using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lava.Console.Assets;

/// <summary><c>/console/assets</c>, and for the customer portal <c>/portal/assets</c>, so that either can be closed to the outside: what pages load, kept by
/// browsers for a year, for another content has another name.</summary>
internal sealed class AssetEndpoints(AssetStore assets) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/console/assets/{name}", ["GET"], WriteAsync);
        routes.MapMethods("/portal/assets/{name}", ["GET"], WriteAsync);
    }

    private async Task WriteAsync(HttpContext http)
    {
        // An older page may ask for what a newer server no longer has.
        if (assets.Find(RouteText.Of(http, "name")) is not { } file)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            http.Response.ContentLength = 0;
            return;
        }

        var headers = http.Response.Headers;
        headers.ContentType = file.ContentType;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.Vary = "Accept-Encoding";
        var bytes = file.Bytes;
        if (http.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            headers.ContentEncoding = "gzip";
            bytes = file.Zipped;
        }

        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }
}
