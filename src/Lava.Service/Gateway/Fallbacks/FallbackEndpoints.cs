using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Input;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Gateway.Fallbacks;

/// <summary><c>/v1/account/fallback</c> (rest-api.md §17).</summary>
internal sealed class FallbackEndpoints(ManagementApi api, FallbackStore store, ProviderCatalogue catalogue) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(
            routes,
            "GET",
            "/account/fallback",
            async request => ApiResult.Ok(await store.GetAsync(request.Tenant, request.Cancelled), FallbacksJson.Default.FallbackChain))
            .Describe(Operation.Read("getFallback", "Account", "Show the fallbacks for calls that name none.", typeof(FallbackChain)));

        api.Map(routes, "PATCH", "/account/fallback", async request =>
        {
            var fields = request.Fields();
            var chain = Read(fields, catalogue);
            if (fields.Error is { } invalid) return invalid;
            if (chain is not null) await store.SetAsync(request.Tenant, chain, request.Cancelled);
            return ApiResult.Ok(chain ?? await store.GetAsync(request.Tenant, request.Cancelled), FallbacksJson.Default.FallbackChain);
        }).Describe(Operation.Change(
            "setFallback",
            "Account",
            "Set the fallbacks, at most five. null clears them.",
            typeof(FallbacksBody),
            typeof(FallbackChain)));
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
