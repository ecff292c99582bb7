using System.Text.Json;
using Lava.Core.Pricing;
using Lava.Service.Customers;
using Lava.Service.Errors;
using Lava.Service.Http;
using Lava.Service.Meters;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Simulation;

/// <summary><c>POST /v1/meters/simulate</c>, our own addition: what a past period would have been charged under a proposed meter.</summary>
public static class SimulationEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapSimulation(this IEndpointRouteBuilder routes)
    {
        var meters = routes.ServiceProvider.GetRequiredService<MeterStore>();
        var customers = routes.ServiceProvider.GetRequiredService<CustomerStore>();
        var simulation = routes.ServiceProvider.GetRequiredService<MeterSimulation>();
        var time = routes.ServiceProvider.GetRequiredService<TimeProvider>();

        ManagementApi.Map(routes, "POST", "/meters/simulate", async request =>
        {
            var fields = request.Fields();
            var meterId = fields.Text("meter_id", isRequired: true);
            var customerId = fields.Text("customer_id");
            var start = fields.Time("start", isRequired: true);
            var end = fields.Time("end") ?? time.GetUtcNow();
            if (start > end) fields.Fail("start must not be after end.", "start");
            if (fields.Raw("meter").ValueKind != JsonValueKind.Object) fields.Fail("meter is required: { rate_type, tier_type, tiers }.", "meter");
            if (fields.Error is { } invalid) return invalid;
            var proposed = new RequestFields(fields.Raw("meter"));
            var rateType = proposed.Word("rate_type", MeterWords.RateTypes, isRequired: true);
            var tierType = proposed.Word("tier_type", MeterWords.TierTypes, isRequired: true);
            var tiers = MeterFields.ReadTiers(proposed, isRequired: true);
            if (proposed.Error is { Issues: { } issues }) return ApiError.Validation([.. issues.Select(issue => new Issue(["meter", .. issue.Path], issue.Message))]);
            if (await meters.FindAsync(request.Tenant, meterId!, request.Cancelled) is not { } meter) return ApiError.NotFound("meter");
            var customer = customerId is null ? null : (await customers.FindAsync(request.Tenant, customerId, request.Cancelled))?.Customer;
            if (customerId is not null && customer is null) return ApiError.NotFound("customer");
            var rate = new MeterRate(MeterWords.RateType(rateType!), MeterWords.TierType(tierType!), tiers!);
            return await simulation.RunAsync(request.Tenant, meter.Meter.Id, rate, start!.Value, end, customer?.Id, request.Cancelled) is { } result
                ? ApiResult.Ok(result, SimulationWire.Default.SimulationResponse)
                : ApiError.Validation(Issue.At("start", $"The period has more than {MeterSimulation.MaxRequests} requests; choose a shorter one."));
        });
    }
}
