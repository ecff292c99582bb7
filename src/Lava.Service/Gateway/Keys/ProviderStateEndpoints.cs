using Lava.Core.Catalogue;
using Lava.Core.Keys;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Lists;
using Lava.Service.Gateway.Upstream;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Gateway.Keys;

/// <summary><c>GET /v1/providers</c>, our own addition: whose key calls to each provider take, and whether it answers.</summary>
internal sealed class ProviderStateEndpoints(
    ManagementApi api,
    ProviderCatalogue catalogue,
    CallKeys keys,
    StoredKeyRings stored,
    UpstreamCircuits circuits) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes) => api.Map(routes, "GET", "/providers", async request =>
    {
        var shown = new List<ProviderStateResponse>();
        foreach (var provider in catalogue.Providers) shown.Add(await ShowAsync(request.Tenant, provider, request.Cancelled));
        return ApiResult.Ok(new ListResponse<ProviderStateResponse>(shown, false, null), ProviderStateJson.Default.ListResponseProviderStateResponse);
    }).Describe(Operation.Read(
        "listProviders",
        "Catalogue",
        "List all providers: whose key calls take, and whether the provider answers.",
        typeof(ListResponse<ProviderStateResponse>)));

    private async ValueTask<ProviderStateResponse> ShowAsync(Tenant tenant, CatalogueProvider provider, CancellationToken cancellationToken)
    {
        // A merchant's own key comes first, in either mode.
        var isStored = await stored.HasAsync(tenant, provider, cancellationToken);
        var hosts = provider.Hosts.Append(new Uri(provider.BaseUrl).Host).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var outlook = await keys.OutlookAsync(tenant, provider, new KeyTarget(hosts[0], null, null), cancellationToken);
        var key = isStored ? "stored" : outlook switch
        {
            KeyOutlook.Key => "managed",
            KeyOutlook.AddressAlone => "none_needed",
            KeyOutlook.Sandbox => "sandbox",
            _ => "missing",
        };
        var status = key == "missing" ? "unavailable" : hosts.Any(circuits.IsOpen) ? "paused" : "ready";
        return new ProviderStateResponse(provider.Id, provider.Label, provider.Models.Count, key, status, provider.ApiReference);
    }
}
