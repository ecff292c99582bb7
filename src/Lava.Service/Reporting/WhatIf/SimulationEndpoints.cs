using System.Text.Json;
using Lava.Core.Pricing;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Input;
using Lava.Service.Api.Lists;
using Lava.Service.Credentials;
using Lava.Service.Customers;
using Lava.Service.Pricing.Meters;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Reporting.WhatIf;

/// <summary><c>POST /v1/meters/simulate</c>, our own addition: what a past period would have been charged under a proposed meter.</summary>
internal sealed class SimulationEndpoints(
    ManagementApi api,
    MeterStore meters,
    CustomerStore customers,
    MeterSimulation simulation,
    TimeProvider time) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "POST", "/meters/simulate", async request =>
        {
            var fields = request.Fields();
            var meterId = fields.Text("meter_id", isRequired: true);
            var customerId = fields.Text("customer_id");
            var start = fields.Time("start", isRequired: true, isOfAnyYear: true);
            var end = fields.Time("end", isOfAnyYear: true) ?? time.GetUtcNow();
            if (start > end) fields.Fail("start must not be after end.", "start");
            var limit = fields.Count("limit", ListQuery.MaxLimit, isWhole: true);
            if (limit == 0) fields.Fail($"limit must be a whole number from 1 to {ListQuery.MaxLimit}.", "limit");
            var page = new ListQuery((int)(limit ?? ListQuery.DefaultLimit), fields.Text("cursor"));
            var rate = ReadRate(fields);
            if (fields.Error is { } invalid) return invalid;
            if (await meters.FindAsync(request.Tenant, meterId!, request.Cancelled) is not { } meter) return ApiError.NotFound("meter");

            // A deleted customer's past requests are priced like any others.
            var customer = customerId is null
                ? null
                : (await customers.FindAsync(request.Tenant, customerId, request.Cancelled))?.Customer
                    ?? await customers.FindEverAsync(request.Tenant, customerId, request.Cancelled);
            if (customerId is not null && customer is null) return ApiError.NotFound("customer");
            var (response, error) = await simulation.RunAsync(request.Tenant, meter.Meter.Id, rate!, start!.Value, end, customer?.Id, page, request.Cancelled);
            return error is null ? ApiResult.Ok(response!, SimulationWire.Default.SimulationResponse) : error;
        }).Describe(Operation.Change(
            "simulateMeter",
            "Meters",
            "Price a past period's usage with a proposed meter. Changes nothing.",
            typeof(SimulateBody),
            typeof(SimulationResponse)) with { IsChange = false, IsRead = true, AlsoNeeds = Scopes.Read("requests") });
    }

    /// <summary>The proposed meter's rate, by the rules for new meters (rest-api.md §9.1); what is wrong with it is told below <c>meter</c>.</summary>
    private static MeterRate? ReadRate(RequestFields fields)
    {
        if (fields.Raw("meter").ValueKind != JsonValueKind.Object)
        {
            fields.Fail("meter is required: an object with rate_type, tier_type and tiers.", "meter");
            return null;
        }

        var proposed = new RequestFields(fields.Raw("meter"));
        var rateType = proposed.Word("rate_type", MeterWords.RateTypes, isRequired: true);
        var tierType = proposed.Word("tier_type", MeterWords.TierTypes, isRequired: true);
        var tiers = MeterFields.ReadTiers(proposed, isRequired: true);
        var chargesCached = MeterFields.ReadChargesCached(proposed);
        foreach (var issue in proposed.Error?.Issues ?? []) fields.Fail(issue.Message, ["meter", .. issue.Path]);
        return proposed.Error is null
            ? new MeterRate(MeterWords.RateType(rateType!), MeterWords.TierType(tierType!), tiers!) { ExemptsCached = chargesCached == false }
            : null;
    }
}
