using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Service.Api;
using Lava.Service.Api.Input;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Gateway.Routing;

/// <summary><c>/v1/account/fallback</c> (rest-api.md §17).</summary>
internal static class FallbackEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapFallbacks(this IEndpointRouteBuilder routes)
    {
        var store = routes.ServiceProvider.GetRequiredService<FallbackStore>();
        var catalogue = routes.ServiceProvider.GetRequiredService<ProviderCatalogue>();

        ManagementApi.Map(
            routes,
            "GET",
            "/account/fallback",
            async request => ApiResult.Ok(await store.GetAsync(request.Tenant, request.Cancelled), FallbacksJson.Default.FallbackChain));

        ManagementApi.Map(routes, "PATCH", "/account/fallback", async request =>
        {
            var fields = request.Fields();
            var chain = Read(fields, catalogue);
            if (fields.Error is { } invalid) return invalid;
            if (chain is not null) await store.SetAsync(request.Tenant, chain, request.Cancelled);
            return ApiResult.Ok(chain ?? await store.GetAsync(request.Tenant, request.Cancelled), FallbacksJson.Default.FallbackChain);
        });
    }

    /// <summary>The chain of a body; null where it names none.</summary>
    private static FallbackChain? Read(RequestFields fields, ProviderCatalogue catalogue)
    {
        if (!fields.Has("fallbacks")) return null;
        if (fields.IsNull("fallbacks")) return new FallbackChain(null);
        var value = fields.Raw("fallbacks");
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0)
            fields.Fail("fallbacks must have at least one entry; null clears them.", "fallbacks");
        var issues = FallbackReader.Read(value, catalogue, out var entries);
        foreach (var issue in issues) fields.Fail(issue.Message, ["fallbacks", .. issue.Path]);
        return new FallbackChain(entries);
    }
}
