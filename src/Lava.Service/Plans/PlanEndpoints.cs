using System.Globalization;
using System.Text.Json;
using Lava.Core.Keys;
using Lava.Core.Money;
using Lava.Service.Errors;
using Lava.Service.Http;
using Lava.Service.Meters;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Plans;

/// <summary><c>/v1/plans</c>: reading plans and changing them (rest-api.md §6). A merchant has its Free plan.</summary>
public static class PlanEndpoints
{
    private const decimal MaxCredit = 10_000;
    private static readonly string[] RolloverWords = ["full", "none"];

    /// <summary>Maps them.</summary>
    public static void MapPlans(this IEndpointRouteBuilder routes)
    {
        var store = routes.ServiceProvider.GetRequiredService<PlanStore>();
        var meters = routes.ServiceProvider.GetRequiredService<MeterStore>();

        ManagementApi.Map(routes, "GET", "/plans", async request =>
        {
            if (PageRequest.TryRead(request.Query, out var page) is { } invalid) return invalid;
            var plans = await store.ListAsync(request.Tenant, page, request.Cancelled);
            if (plans is null) return PageRequest.UnknownCursor();
            var shown = await Task.WhenAll(plans.Select(plan => ShowAsync(meters, request.Tenant, plan, request.Cancelled)));
            return ApiResult.Ok(Pages.Of<PlanResponse>(shown, page.Limit, plan => plan.PlanId), PlansJson.Default.ListResponsePlanResponse);
        });

        ManagementApi.Map(routes, "GET", "/plans/{id}", async request =>
            await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is { } found
                ? ApiResult.Ok(await ShowAsync(meters, request.Tenant, found.Plan, request.Cancelled), PlansJson.Default.PlanResponse)
                : ApiError.NotFound("plan"));

        ManagementApi.Map(routes, "PATCH", "/plans/{id}", async request =>
        {
            while (true)
            {
                if (await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is not { } found) return ApiError.NotFound("plan");
                var fields = request.Fields();
                var plan = found.Plan with
                {
                    Name = fields.Text("name") ?? found.Plan.Name,
                    IncludedCredit = fields.Money("included_credit", MaxCredit) ?? found.Plan.IncludedCredit,
                    RollsOver = fields.Word("rollover_type", RolloverWords) is { } rollover ? rollover == "full" : found.Plan.RollsOver,
                    BundlesRollOver = fields.Word("bundle_rollover_type", RolloverWords) is { } bundles ? bundles == "full" : found.Plan.BundlesRollOver,
                    MeterIds = await ReadMetersAsync(fields, meters, request.Tenant, request.Cancelled) ?? found.Plan.MeterIds,
                    CoversEveryMeter = found.Plan.CoversEveryMeter && !fields.Has("meter_ids"),
                };
                if (fields.Money("period_amount", MaxCredit) is { } amount && amount != plan.PeriodAmount) return ApiError.Immutable("period_amount");
                if (fields.Text("billing_interval") is { } interval && interval != PlanWords.Of(plan.Interval)) return ApiError.Immutable("billing_interval");
                if (fields.Error is { } invalid) return invalid;
                if (await store.ReplaceAsync(request.Tenant, plan, found.ETag, request.Cancelled))
                    return ApiResult.Ok(await ShowAsync(meters, request.Tenant, plan, request.Cancelled), PlansJson.Default.PlanResponse);
            }
        });
    }

    private static async ValueTask<IReadOnlyList<string>?> ReadMetersAsync(RequestFields fields, MeterStore meters, Tenant tenant, CancellationToken cancellationToken)
    {
        if (!fields.Has("meter_ids")) return null;
        var value = fields.Raw("meter_ids");
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > 100)
        {
            fields.Fail("meter_ids must be a list of at most 100 meter ids.", "meter_ids");
            return null;
        }

        var ids = new List<string>();
        foreach (var (index, item) in value.EnumerateArray().Index())
        {
            var meter = item.ValueKind == JsonValueKind.String ? await meters.FindAsync(tenant, item.GetString()!, cancellationToken) : null;
            if (meter is null) fields.Fail("There is no such meter.", "meter_ids", index.ToString(CultureInfo.InvariantCulture));
            else if (!ids.Contains(meter.Value.Meter.Id)) ids.Add(meter.Value.Meter.Id);
        }

        return ids;
    }

    private static async Task<PlanResponse> ShowAsync(MeterStore meters, Tenant tenant, Plan plan, CancellationToken cancellationToken)
    {
        var linked = new List<LinkedMeter>(plan.MeterIds.Count);
        foreach (var id in plan.MeterIds)
        {
            // A deleted meter is linked no more.
            if (await meters.FindAsync(tenant, id, cancellationToken) is { } found) linked.Add(new LinkedMeter(id, found.Meter.Name));
        }

        return new PlanResponse(
            plan.Id,
            tenant.MerchantId,
            plan.Name,
            Amount.Trimmed(plan.PeriodAmount),
            Amount.Trimmed(plan.IncludedCredit),
            PlanWords.Of(plan.Interval),
            PlanWords.Rollover(plan.RollsOver),
            PlanWords.Rollover(plan.BundlesRollOver),
            null,
            linked,
            [],
            plan.CreatedAt);
    }
}
