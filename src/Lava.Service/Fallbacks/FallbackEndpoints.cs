using System.Globalization;
using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Service.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Fallbacks;

/// <summary><c>/v1/account/fallback</c> (rest-api.md §17).</summary>
public static class FallbackEndpoints
{
    private const int MaxEntries = 5;

    /// <summary>Maps them.</summary>
    public static void MapFallbacks(this IEndpointRouteBuilder routes)
    {
        var store = routes.ServiceProvider.GetRequiredService<FallbackStore>();
        var catalogue = routes.ServiceProvider.GetRequiredService<ProviderCatalogue>();

        ManagementApi.Map(routes, "GET", "/account/fallback", async request => ApiResult.Ok(await store.GetAsync(request.Tenant, request.Cancelled), FallbacksJson.Default.FallbackChain));

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
        var value = fields.Raw("fallbacks");
        if (value.ValueKind == JsonValueKind.Null) return new FallbackChain(null);
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is 0 or > MaxEntries)
        {
            fields.Fail($"fallbacks must be null or a list of 1 to {MaxEntries} entries.", "fallbacks");
            return null;
        }

        var entries = new List<Fallback>();
        foreach (var (index, item) in value.EnumerateArray().Index())
        {
            if (ReadEntry(item, catalogue) is { } entry) entries.Add(entry);
            else fields.Fail("An entry names a provider and a model of the catalogue: {\"provider\":…,\"model\":…}, {\"url\":…,\"model\":…} or \"provider/model\".", "fallbacks", index.ToString(CultureInfo.InvariantCulture));
        }

        return new FallbackChain(entries);
    }

    private static Fallback? ReadEntry(JsonElement item, ProviderCatalogue catalogue)
    {
        var (providerId, model) = (default(string), default(string));
        if (item.ValueKind == JsonValueKind.String && item.GetString()!.Split('/', 2) is [var first, var rest]) (providerId, model) = (first, rest);
        else if (item.ValueKind == JsonValueKind.Object)
        {
            model = Text(item, "model");
            providerId = Text(item, "provider");
            if (providerId is null && Text(item, "url") is { } url && Target(url) is { } target && catalogue.TryResolve("POST", target.Host, target.AbsolutePath, out var match)) providerId = match.Provider.Id;
        }

        if (providerId is null || model is null || catalogue.FindProvider(providerId) is not { } provider || catalogue.FindModel(provider, model) is null) return null;
        return new Fallback(provider.Id, model);
    }

    private static Uri? Target(string url) => Uri.TryCreate(url.Contains("://", StringComparison.Ordinal) ? url : "https://" + url, UriKind.Absolute, out var uri) ? uri : null;

    private static string? Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
