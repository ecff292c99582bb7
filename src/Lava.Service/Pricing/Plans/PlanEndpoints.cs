using Lava.Core.Ids;
using Lava.Service.Accounts.Merchants;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Lists;
using Lava.Service.Ports.Tables;
using Lava.Service.Pricing.Meters;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Pricing.Plans;

/// <summary><c>/v1/plans</c> (rest-api.md §6).</summary>
internal sealed class PlanEndpoints(
    ManagementApi api,
    PlanStore store,
    MeterStore meters,
    MerchantStore merchants,
    PlanViews views,
    TimeProvider time) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "POST", "/plans", async request =>
        {
            var now = time.GetUtcNow();
            var fields = request.Fields();
            var price = fields.Money("period_amount", PlanFields.MaxAmount, isRequired: true) ?? 0;
            if (price is > 0 and < PlanFields.MinCharge)
                fields.Fail("period_amount must be 0 or at least 0.50, the minimum for a card charge.", "period_amount");
            var interval = fields.Word("billing_interval", PlanWords.Intervals, isRequired: true);
            var linked = await PlanFields.ReadMetersAsync(fields, meters, request.Tenant, request.Cancelled);
            var plan = PlanFields.Apply(fields, new Plan
            {
                Id = Id.Create(PlanStore.Prefix, request.Tenant.Mode, now),
                Name = "",
                PeriodAmount = price,
                IncludedCredit = price,
                Interval = PlanWords.Interval(interval),
                MeterIds = linked ?? [],
                CreatedAt = now,
            }, isNew: true);
            plan = BundleFields.Create(fields, plan, request.Tenant, now);
            if (fields.Error is { } invalid) return invalid;
            await store.AddAsync(request.Tenant, plan, request.Cancelled);
            return ApiResult.Created(await views.ShowAsync(request.Tenant, plan, request.Cancelled), PlansJson.Default.PlanResponse);
        }).Describe(Operation.Created("createPlan", "Plans", "Create a plan with its credit bundles.", typeof(CreatePlanBody), typeof(PlanResponse)));

        api.Map(routes, "GET", "/plans", async request =>
        {
            if (ListQuery.TryRead(request.Query, out var page) is { } invalid) return invalid;
            var plans = await store.ListAsync(request.Tenant, page, request.Cancelled);
            if (plans is null) return ListQuery.UnknownCursor();
            var shown = await Task.WhenAll(plans.Select(plan => views.ShowAsync(request.Tenant, plan, request.Cancelled)));
            return ApiResult.Ok(Paging.Of<PlanResponse>(shown, page.Limit, plan => plan.PlanId), PlansJson.Default.ListResponsePlanResponse);
        }).Describe(Operation.List("listPlans", "Plans", "List plans.", typeof(ListResponse<PlanResponse>)));

        api.Map(routes, "GET", "/plans/{id}", async request =>
            await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is { } found
                ? ApiResult.Ok(await views.ShowAsync(request.Tenant, found.Plan, request.Cancelled), PlansJson.Default.PlanResponse)
                : ApiError.NotFound("plan"))
            .Describe(Operation.Read("getPlan", "Plans", "Show a plan.", typeof(PlanResponse)));

        api.Map(routes, "PATCH", "/plans/{id}", async request =>
        {
            for (var round = 0; ; round = OptimisticRetry.Next(round))
            {
                if (await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is not { } found) return ApiError.NotFound("plan");
                var fields = request.Fields();
                var linked = await PlanFields.ReadMetersAsync(fields, meters, request.Tenant, request.Cancelled);
                var plan = PlanFields.Apply(fields, found.Plan) with
                {
                    MeterIds = linked ?? found.Plan.MeterIds,
                    CoversEveryMeter = found.Plan.CoversEveryMeter && linked is null,
                };
                plan = BundleFields.Reconcile(fields, plan, request.Tenant, time.GetUtcNow());
                if (fields.Money("period_amount", PlanFields.MaxAmount) is { } amount && amount != plan.PeriodAmount)
                    return ApiError.Immutable("period_amount");
                if (fields.Text("billing_interval") is { } interval && interval != PlanWords.Of(plan.Interval)) return ApiError.Immutable("billing_interval");
                if (fields.Error is { } invalid) return invalid;
                if (await store.ReplaceAsync(request.Tenant, found.Plan, plan, found.ETag, request.Cancelled))
                    return ApiResult.Ok(await views.ShowAsync(request.Tenant, plan, request.Cancelled), PlansJson.Default.PlanResponse);
            }
        }).Describe(Operation.Change(
            "updatePlan",
            "Plans",
            "Update a plan. Bundles with an id are updated or removed, bundles without an id are added.",
            typeof(UpdatePlanBody),
            typeof(PlanResponse)));

        api.Map(routes, "DELETE", "/plans/{id}", async request =>
        {
            for (var round = 0; ; round = OptimisticRetry.Next(round))
            {
                if (await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is not { } found) return ApiError.NotFound("plan");
                var merchant = await merchants.GetAsync(request.Tenant.MerchantId, request.Cancelled);
                if (found.Plan.Id == merchant.FreePlanId(request.Tenant.Mode)) return ApiError.DefaultPlan();
                if (await store.DeleteAsync(request.Tenant, found.Plan, found.ETag, request.Cancelled)) return ApiResult.Deleted(found.Plan.Id);
            }
        }).Describe(Operation.Read(
            "deletePlan",
            "Plans",
            "Delete a plan. Its subscriptions end with their cycles. Scheduled downgrades to it run for one cycle.",
            typeof(DeletedResponse)));
    }
}
