using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Lists;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Pricing.Plans;

/// <summary><c>/v1/credit_bundles</c> (rest-api.md §7): read only, bundles are written through their plans.</summary>
internal sealed class CreditBundleEndpoints(ManagementApi api, PlanStore store) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "GET", "/credit_bundles", async request =>
        {
            if (ListQuery.TryRead(request.Query, out var page) is { } invalid) return invalid;
            IReadOnlyList<CreditBundle>? bundles;
            if (request.Query.TryGetValue("plan_id", out var planId))
            {
                if (await store.FindAsync(request.Tenant, planId.ToString(), request.Cancelled) is not { } found) return ApiError.NotFound("plan");
                bundles = PlanStore.PageOf(request.Tenant, found.Plan.Bundles, page);
            }
            else bundles = await store.ListBundlesAsync(request.Tenant, page, request.Cancelled);

            return bundles is null
                ? ListQuery.UnknownCursor()
                : ApiResult.Ok(
                    Paging.Of<CreditBundleResponse>([.. bundles.Select(PlanViews.Show)], page.Limit, bundle => bundle.CreditBundleId),
                    PlansJson.Default.ListResponseCreditBundleResponse);
        }).Describe(Operation.List("listCreditBundles", "Plans", "List credit bundles.", typeof(ListResponse<CreditBundleResponse>), "plan_id"));

        api.Map(routes, "GET", "/credit_bundles/{id}", async request =>
            await store.FindBundleAsync(request.Tenant, request.Id, request.Cancelled) is { } bundle
                ? ApiResult.Ok(PlanViews.Show(bundle), PlansJson.Default.CreditBundleResponse)
                : ApiError.NotFound("credit bundle"))
            .Describe(Operation.Read("getCreditBundle", "Plans", "Show a credit bundle.", typeof(CreditBundleResponse)));
    }
}
