using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Lava.Service.Api.Endpoints;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Lava.Service.OpenApi;

/// <summary>Registers the API's document.</summary>
internal static partial class OpenApiServices
{
    /// <summary>The resources in the order in which a newcomer meets them.</summary>
    private static readonly string[] Tags =
    [
        "Gateway", "Catalogue", "Meters", "Plans", "Customers", "Subscriptions", "Checkout", "Requests", "Ledger", "Wallet", "Invoices", "Keys", "Account",
        "Webhooks", "Alerts", "Testing", "Admin",
    ];

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
                if (document.Tags is { } tags) document.Tags = tags.OrderBy(tag => Array.IndexOf(Tags, tag.Name)).ToHashSet();
                document.Components ??= new OpenApiComponents();
                document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
                {
                    ["Auth"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" },
                };
                return Task.CompletedTask;
            });
        });
        services.AddSingleton<ApiDocument>();
        services.AddEndpoints<OpenApiEndpoints>();
    }

    [GeneratedRegex(@"\s*\([^)]*\.md[^)]*\)")]
    private static partial Regex SourceNote();
}
