using Lava.Core.Ids;
using Lava.Core.Money;
using Lava.Core.Pricing;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Lists;
using Lava.Service.Ports.Tables;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Pricing.Meters;

/// <summary><c>/v1/meters</c> (rest-api.md §9).</summary>
internal sealed class MeterEndpoints(ManagementApi api, MeterStore store, TimeProvider time) : IEndpoints
{
    private static readonly TimeSpan Cooldown = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "POST", "/meters", async request =>
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
        }).Describe(Operation.Created("createMeter", "Meters", "Create a meter.", typeof(CreateMeterBody), typeof(MeterResponse)));

        api.Map(routes, "GET", "/meters", async request =>
        {
            if (ListQuery.TryRead(request.Query, out var page) is { } invalid) return invalid;
            var meters = await store.ListAsync(request.Tenant, page, request.Cancelled);
            if (meters is null) return ListQuery.UnknownCursor();
            return ApiResult.Ok(
                Paging.Of<MeterResponse>([.. meters.Select(Show)], page.Limit, meter => meter.MeterId),
                MetersJson.Default.ListResponseMeterResponse);
        }).Describe(Operation.List("listMeters", "Meters", "List meters.", typeof(ListResponse<MeterResponse>)));

        api.Map(routes, "GET", "/meters/{id}", async request =>
            await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is { } found
                ? ApiResult.Ok(Show(found.Meter), MetersJson.Default.MeterResponse)
                : ApiError.NotFound("meter"))
            .Describe(Operation.Read("getMeter", "Meters", "Show a meter, by id or slug.", typeof(MeterResponse)));

        api.Map(routes, "PATCH", "/meters/{id}", async request =>
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
        }).Describe(Operation.Change(
            "updateMeter",
            "Meters",
            "Update a meter's name or tiers. They apply to later requests.",
            typeof(UpdateMeterBody),
            typeof(MeterResponse)));

        api.Map(routes, "DELETE", "/meters/{id}", async request =>
        {
            for (var round = 0; ; round = OptimisticRetry.Next(round))
            {
                if (await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is not { } found) return ApiError.NotFound("meter");
                var age = time.GetUtcNow() - found.Meter.CreatedAt;
                if (age < Cooldown) return ApiError.DeletionCooldown((int)Math.Ceiling((Cooldown - age).TotalSeconds));
                if (await store.DeleteAsync(request.Tenant, found.Meter, found.ETag, request.Cancelled)) return ApiResult.Deleted(found.Meter.Id);
            }
        }).Describe(Operation.Read("deleteMeter", "Meters", "Delete a meter, at least 15 seconds after its creation.", typeof(DeletedResponse)));
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
