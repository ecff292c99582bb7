using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Lava.Core.Catalogue;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Input;
using Lava.Service.Catalogue.Views;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Catalogue;

/// <summary><c>/v1/services</c> (rest-api.md §15): what is served and what it costs, for everybody.</summary>
internal sealed class CatalogueEndpoints(ProviderCatalogue catalogue) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        // The catalogue never changes while the service runs, so the long response is written once.
        var services = new Lazy<byte[]>(() => Bytes(CatalogueViews.Services(catalogue, null), ViewsJson.Default.ServiceList));

        Map(routes, "/v1/services", http => Query(http, "provider") is { } provider
            ? WriteAsync(http, Bytes(CatalogueViews.Services(catalogue, provider), ViewsJson.Default.ServiceList))
            : WriteAsync(http, services.Value))
            .Describe(Operation.Open("listServices", "Catalogue", "List models and services with their prices.", typeof(ServiceList), "provider"));

        Map(routes, "/v1/services/providers", http =>
            WriteAsync(http, Bytes(CatalogueViews.Search(catalogue, Query(http, "query"), Query(http, "category")), ViewsJson.Default.ProviderList)))
            .Describe(Operation.Open("searchProviders", "Catalogue", "Search providers by keywords.", typeof(ProviderList), "query", "category"));

        Map(routes, "/v1/services/providers/{provider}", http =>
            catalogue.FindProvider(http.Request.RouteValues["provider"] as string ?? "") is { } provider
                ? WriteAsync(http, Bytes(CatalogueViews.Summary(provider), ViewsJson.Default.ProviderSummary))
                : ErrorWriter.WriteAsync(http, ApiError.NotFound("provider")))
            .Describe(Operation.Open("getProvider", "Catalogue", "Show a provider.", typeof(ProviderSummary)));
    }

    private static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes, string pattern, RequestDelegate handle) =>
        routes.MapMethods(pattern, ["GET"], http => QueryCheck.FindUnknown(http) is { } unknown ? ErrorWriter.WriteAsync(http, unknown) : handle(http));

    /// <summary>A query parameter; null where it is absent or empty.</summary>
    private static string? Query(HttpContext http, string name) => http.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    private static byte[] Bytes<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);

    private static Task WriteAsync(HttpContext http, byte[] body) => WholeAnswer.WriteAsync(http, "application/json", body);
}
