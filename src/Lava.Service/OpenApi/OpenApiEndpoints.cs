using System.Security.Cryptography;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Scalar.AspNetCore;

namespace Lava.Service.OpenApi;

/// <summary><c>/v1/openapi.json</c> and its page for readers, <c>/docs</c>, which is Scalar's. Its script comes from this server, and its policy lets it load
/// nothing from another.</summary>
internal sealed class OpenApiEndpoints(ApiDocument document) : IEndpoints
{
    private const string DocumentPath = "/v1/openapi.json";

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(DocumentPath, ["GET"], async http => await WholeAnswer.WriteAsync(http, "application/json", await document.JsonAsync()));
        routes.MapScalarApiReference("/docs", Configure).ExcludeFromDescription();
    }

    private static void Configure(ScalarOptions options, HttpContext http)
    {
        options.Title = "Lava API reference";
        options.OpenApiRoutePattern = DocumentPath;

        // These load from elsewhere, or send to it.
        options.DefaultFonts = false;
        options.Telemetry = false;
        options.HideClientButton = true;
        options.DisableAgent();
        options.DisableMcp();
        options.ShowDeveloperTools = DeveloperToolsVisibility.Never;

        // Scripts run only with the page's nonce. Scalar sets styles by elements that have none.
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        options.Nonce = nonce;
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
    }
}
