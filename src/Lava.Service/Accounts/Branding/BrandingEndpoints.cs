using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Accounts.Branding;

/// <summary>Our own addition: <c>/v1/branding</c>, the name, colour and logo that customers see.</summary>
internal sealed class BrandingEndpoints(ManagementApi api, BrandingStore store) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "GET", "/branding", async request => Show(await store.GetAsync(request.Tenant, request.Cancelled)))
            .Describe(Operation.Read("getBranding", "Account", "Show the name, colour and logo that customers see.", typeof(BrandingResponse)));

        api.Map(routes, "POST", "/branding", async request =>
        {
            var fields = request.Fields();
            var change = BrandingFields.Read(fields);
            if (fields.Error is { } invalid) return invalid;
            return Show(await store.ChangeAsync(request.Tenant, change, request.Cancelled));
        }).Describe(Operation.Change(
            "updateBranding",
            "Account",
            "Set the name, colour and logo that customers see. Missing members stay unchanged, null clears a member.",
            typeof(BrandingBody),
            typeof(BrandingResponse)));
    }

    private static ApiResult Show(BrandingSettings settings) =>
        ApiResult.Ok(new BrandingResponse(settings.Name, settings.Color, settings.Logo), BrandingJson.Default.BrandingResponse);
}
