using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Lava.Core.Catalogue;
using Lava.Service.Catalogue.Views;
using Lava.Service.Errors;
using Lava.Service.Http;
using Lava.Service.Keys;
using Lava.Service.SpendKeys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Catalogue;

/// <summary><c>/v1/models</c> and <c>/v1/services</c> (rest-api.md §15): what is served and what it costs, for everybody.</summary>
public static class CatalogueEndpoints
{
    /// <summary>Maps them. The catalogue never changes while the service runs, so the two long answers are written once.</summary>
    public static void MapCatalogue(this IEndpointRouteBuilder routes)
    {
        var catalogue = routes.ServiceProvider.GetRequiredService<ProviderCatalogue>();
        var models = new Lazy<byte[]>(() => Bytes(CatalogueViews.Models(catalogue), ViewsJson.Default.ModelList));
        var services = new Lazy<byte[]>(() => Bytes(CatalogueViews.Services(catalogue, null), ViewsJson.Default.ServiceList));

        // Anonymous, but a credential that does not authenticate is told so rather than overlooked.
        var authenticator = routes.ServiceProvider.GetRequiredService<Authenticator>();
        var spendKeys = routes.ServiceProvider.GetRequiredService<SpendKeyStore>();
        var time = routes.ServiceProvider.GetRequiredService<TimeProvider>();
        Map(routes, "/v1/models", async http =>
        {
            var credential = ManagementApi.Bearer(http.Request) ?? (http.Request.Headers["x-api-key"] is [{ Length: > 0 } other, ..] ? other : null);
            if (credential?.StartsWith(SpendKeyStore.RawPrefix, StringComparison.Ordinal) == true)
            {
                // A key that is limited to models or providers sees these. A paused one does too: its calls are refused, not its name.
                var spender = await spendKeys.AuthenticateAsync(credential, http.RequestAborted);
                if (spender is null || spender.Key.IsExpired(time.GetUtcNow())) await ErrorWriter.WriteAsync(http, ApiError.SpendKeyInvalid());
                else await WriteAsync(http, Bytes(CatalogueViews.Models(catalogue, offer => spender.Key.Allows(offer.Provider.Id, offer.Model.Id)), ViewsJson.Default.ModelList));
            }
            else if (credential is not null && await authenticator.AuthenticateAsync(credential, http.RequestAborted) is null) await ErrorWriter.WriteAsync(http, ApiError.SecretKeyInvalid());
            else await WriteAsync(http, models.Value);
        });

        Map(routes, "/v1/services", http => Query(http, "provider") is { } provider
            ? WriteAsync(http, Bytes(CatalogueViews.Services(catalogue, provider), ViewsJson.Default.ServiceList))
            : WriteAsync(http, services.Value));

        Map(routes, "/v1/services/providers", http =>
            WriteAsync(http, Bytes(CatalogueViews.Search(catalogue, Query(http, "query"), Query(http, "category")), ViewsJson.Default.ProviderList)));

        Map(routes, "/v1/services/providers/{provider}", http =>
            catalogue.FindProvider(http.Request.RouteValues["provider"] as string ?? "") is { } provider
                ? WriteAsync(http, Bytes(CatalogueViews.Summary(provider), ViewsJson.Default.ProviderSummary))
                : ErrorWriter.WriteAsync(http, ApiError.NotFound("provider")));
    }

    private static void Map(IEndpointRouteBuilder routes, string pattern, RequestDelegate handle) => routes.MapMethods(pattern, ["GET"], handle);

    /// <summary>A query parameter; null where it is absent or empty.</summary>
    private static string? Query(HttpContext http, string name) => http.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    private static byte[] Bytes<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);

    private static async Task WriteAsync(HttpContext http, byte[] body)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}
