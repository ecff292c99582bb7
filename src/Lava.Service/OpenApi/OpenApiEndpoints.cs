using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Lava.Service.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Lava.Service.OpenApi;

/// <summary><c>/v1/openapi.json</c> and its page for readers, <c>/docs</c>.</summary>
internal static partial class OpenApiEndpoints
{
    /// <summary>Registers what makes the document.</summary>
    public static void AddApiDocument(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.AddOpenApi(ApiDocument.Name, options =>
        {
            options.AddOperationTransformer<OperationDetails>();
            options.AddSchemaTransformer((schema, _, _) =>
            {
                // Where the code names its sources, the reader of the document has no use for them.
                schema.Description = schema.Description is null ? null : SourceNote().Replace(schema.Description, "");
                return Task.CompletedTask;
            });
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo
                {
                    Title = "Lava", Version = "1.0.0",
                    Description = "An AI gateway with usage-based billing. Management calls use a secret key as bearer token. Amounts are decimal strings in "
                        + "US dollars. Times are UTC.",
                };
                document.Servers = [];
                document.Components ??= new OpenApiComponents();
                document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
                {
                    ["Auth"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" },
                };
                return Task.CompletedTask;
            });
        });
        services.AddSingleton<ApiDocument>();
    }

    /// <summary>Maps them.</summary>
    public static void MapApiDocument(this IEndpointRouteBuilder routes)
    {
        var document = routes.ServiceProvider.GetRequiredService<ApiDocument>();
        routes.MapMethods("/v1/openapi.json", ["GET"], async http => await WholeAnswer.WriteAsync(http, "application/json", await document.JsonAsync()));
        routes.MapMethods("/docs", ["GET"], async http =>
        {
            http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";
            await WholeAnswer.WriteAsync(http, "text/html; charset=utf-8", await document.HtmlAsync());
        });
    }

    [GeneratedRegex(@"\s*\([^)]*\.md[^)]*\)")]
    private static partial Regex SourceNote();
}
