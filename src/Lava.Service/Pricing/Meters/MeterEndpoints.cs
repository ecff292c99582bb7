using Lava.Core.Ids;
using Lava.Core.Money;
using Lava.Core.Pricing;
using Lava.Service.Api;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Lists;
using Lava.Service.Ports.Tables;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Pricing.Meters;

/// <summary><c>/v1/meters</c> (rest-api.md §9).</summary>
internal static class MeterEndpoints
{
    private static readonly TimeSpan Cooldown = TimeSpan.FromSeconds(15);

    /// <summary>Maps them.</summary>
    public static void MapMeters(this IEndpointRouteBuilder routes)
    {
        var store = routes.ServiceProvider.GetRequiredService<MeterStore>();
        var time = routes.ServiceProvider.GetRequiredService<TimeProvider>();

        ManagementApi.Map(routes, "POST", "/meters", async request =>
        {
            var now = time.GetUtcNow();
            var fields = request.Fields();
            var id = Id.Create(MeterStore.Prefix, request.Tenant.Mode, now);
            var name = fields.Text("name", isRequired: true);
            var rateType = fields.Word("rate_type", MeterWords.RateTypes, isRequired: true);
            var tierType = fields.Word("tier_type", MeterWords.TierTypes, isRequired: true);
            var tiers = MeterFields.ReadTiers(fields, isRequired: true);
            var chargesCached = MeterFields.ReadChargesCached(fields);
            var slug = fields.Text("meter_slug");
            if (slug is not null && !MeterStore.IsGivable(slug, request.Tenant.Mode))
                fields.Fail(
                    "meter_slug must consist of lower-case letters, digits, underscores and hyphens, start with a letter or digit, and not look like a "
                        + "meter id.",
                    "meter_slug");
            if (fields.Error is { } invalid) return invalid;
            var rate = new MeterRate(MeterWords.RateType(rateType!), MeterWords.TierType(tierType!), tiers!) { ExemptsCached = chargesCached == false };
            var meter = new Meter(id, slug ?? id, name!, rate, now);
            return await store.AddAsync(request.Tenant, meter, request.Cancelled)
                ? ApiResult.Created(Show(meter), MetersJson.Default.MeterResponse)
                : ApiError.MeterSlugTaken();
        });

        ManagementApi.Map(routes, "GET", "/meters", async request =>
        {
            if (ListQuery.TryRead(request.Query, out var page) is { } invalid) return invalid;
            var meters = await store.ListAsync(request.Tenant, page, request.Cancelled);
            if (meters is null) return ListQuery.UnknownCursor();
            return ApiResult.Ok(
                Paging.Of<MeterResponse>([.. meters.Select(Show)], page.Limit, meter => meter.MeterId),
                MetersJson.Default.ListResponseMeterResponse);
        });

        ManagementApi.Map(routes, "GET", "/meters/{id}", async request =>
            await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is { } found
                ? ApiResult.Ok(Show(found.Meter), MetersJson.Default.MeterResponse)
                : ApiError.NotFound("meter"));

        ManagementApi.Map(routes, "PATCH", "/meters/{id}", async request =>
        {
            for (var round = 0; ; round = OptimisticRetry.Next(round))
            {
                if (await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is not { } found) return ApiError.NotFound("meter");
                var fields = request.Fields();
                var name = fields.Text("name") ?? found.Meter.Name;
                var tiers = MeterFields.ReadTiers(fields, isRequired: false) ?? found.Meter.Rate.Tiers;
                var exempts = MeterFields.ReadChargesCached(fields) is { } chargesCached ? !chargesCached : found.Meter.Rate.ExemptsCached;
                if (fields.Text("rate_type") is { } rateType && rateType != MeterWords.Of(found.Meter.Rate.RateType)) return ApiError.Immutable("rate_type");
                if (fields.Text("tier_type") is { } tierType && tierType != MeterWords.Of(found.Meter.Rate.TierType)) return ApiError.Immutable("tier_type");
                if (fields.Text("meter_slug") is { } slug && slug != found.Meter.Slug) return ApiError.Immutable("meter_slug");
                if (fields.Error is { } invalid) return invalid;
                var meter = found.Meter with { Name = name, Rate = found.Meter.Rate with { Tiers = tiers, ExemptsCached = exempts } };
                if (await store.ReplaceAsync(request.Tenant, meter, found.ETag, request.Cancelled))
                    return ApiResult.Ok(Show(meter), MetersJson.Default.MeterResponse);
            }
        });

        ManagementApi.Map(routes, "DELETE", "/meters/{id}", async request =>
        {
            for (var round = 0; ; round = OptimisticRetry.Next(round))
            {
                if (await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is not { } found) return ApiError.NotFound("meter");
                var age = time.GetUtcNow() - found.Meter.CreatedAt;
                if (age < Cooldown) return ApiError.DeletionCooldown((int)Math.Ceiling((Cooldown - age).TotalSeconds));
                if (await store.DeleteAsync(request.Tenant, found.Meter, found.ETag, request.Cancelled)) return ApiResult.Deleted(found.Meter.Id);
            }
        });
    }

    private static MeterResponse Show(Meter meter)
    {
        var type = MeterWords.Of(meter.Rate.TierType);
        return new MeterResponse(
            meter.Id,
            meter.Slug,
            meter.Name,
            MeterWords.Of(meter.Rate.RateType),
            [.. meter.Rate.Tiers.Select(tier => new TierResponse(tier.Start, Amount.Trimmed(tier.Rate), type))],
            !meter.Rate.ExemptsCached,
            meter.CreatedAt);
    }
}
