using System.Text;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lava.Console.Portal;

/// <summary><c>/portal/colors</c>: a style sheet for each colour, kept by browsers for a year. The page's policy lets no colour into its markup.</summary>
internal sealed class BrandStyleEndpoints : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes) => routes.MapMethods("/portal/colors/{color}", ["GET"], async http =>
    {
        if (BrandColors.StyleOf(RouteText.Of(http, "color")) is not { } style)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            http.Response.ContentLength = 0;
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(style);
        http.Response.ContentType = "text/css";
        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    });
}
