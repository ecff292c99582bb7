using System.Text.Json.Nodes;
using Lava.Console.Serving;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Pricing.Meters;
using Lava.Service.Pricing.Plans;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Routing;

namespace Lava.Console.Pages.Pricing;

/// <summary>What is done with prices.</summary>
internal sealed class PricingForms(ConsoleRoutes pages, PageWriter writer, ConsoleApi api) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        pages.Form(routes, "/pricing/meters", "New meter", "pricing", CreateMeterAsync);
        pages.Form(routes, "/pricing/meters/{id}/edit", "Meter", "pricing", EditMeterAsync);
        pages.Form(routes, "/pricing/meters/{id}/delete", "Meter", "pricing", DeleteMeterAsync);
        pages.Form(routes, "/pricing/plans", "New plan", "pricing", CreatePlanAsync);
        pages.Form(routes, "/pricing/plans/{id}/edit", "Plan", "pricing", EditPlanAsync);
        pages.Form(routes, "/pricing/plans/{id}/delete", "Plan", "pricing", DeletePlanAsync);
    }

    private async Task CreateMeterAsync(CurrentVisit visit)
    {
        visit.HasChart = true;
        var form = visit.Form;
        if (form["action"] == "preview")
        {
            await writer.WriteAsync<NewMeterPage>(visit);
            return;
        }

        var body = new JsonObject
        {
            ["name"] = form["name"],
            ["meter_slug"] = form["meter_slug"],
            ["rate_type"] = form["rate_type"],
            ["tier_type"] = form["tier_type"],
            ["tiers"] = MeterForm.Tiers(form),
        };
        var (_, error) = await api.SendAsync(visit, "POST", "/meters", body, MetersJson.Default.MeterResponse);
        await EndAsync<NewMeterPage>(visit, error, "/pricing");
    }

    private async Task EditMeterAsync(CurrentVisit visit)
    {
        visit.HasChart = true;
        if (visit.Form["action"] == "preview")
        {
            await writer.WriteAsync<MeterPage>(visit);
            return;
        }

        var body = new JsonObject
        {
            ["name"] = visit.Form["name"],
            ["tiers"] = MeterForm.Tiers(visit.Form),
            ["charges_cached"] = visit.Form["charges_cached"] != "no",
        };
        var (_, error) = await api.SendAsync(visit, "PATCH", Path(visit, "meters"), body, MetersJson.Default.MeterResponse);
        await EndAsync<MeterPage>(visit, error, $"/pricing{Path(visit, "meters")}?done=saved");
    }

    private async Task DeleteMeterAsync(CurrentVisit visit)
    {
        visit.HasChart = true;
        var (_, error) = await api.SendAsync(visit, "DELETE", Path(visit, "meters"), null, HttpJson.Default.DeletedResponse);
        await EndAsync<MeterPage>(visit, error, "/pricing");
    }

    private async Task CreatePlanAsync(CurrentVisit visit)
    {
        var body = PlanForm.Body(visit.Form, [], await MetersAsync(visit));
        body["period_amount"] = visit.Form["period_amount"];
        body["billing_interval"] = visit.Form["billing_interval"];
        var (_, error) = await api.SendAsync(visit, "POST", "/plans", body, PlansJson.Default.PlanResponse);
        await EndAsync<NewPlanPage>(visit, error, "/pricing");
    }

    private async Task EditPlanAsync(CurrentVisit visit)
    {
        var (plan, error) = await api.GetAsync(visit, Path(visit, "plans"), PlansJson.Default.PlanResponse);
        if (plan is not null)
        {
            var body = PlanForm.Body(visit.Form, [.. plan.LinkedMeters.Select(meter => meter.MeterId)], await MetersAsync(visit));
            if (visit.Form.Values.ContainsKey("default_auto_top_up_bundle_id"))
                body["default_auto_top_up_bundle_id"] = visit.Form["default_auto_top_up_bundle_id"] is { Length: > 0 } id ? id : null;
            (_, error) = await api.SendAsync(visit, "PATCH", Path(visit, "plans"), body, PlansJson.Default.PlanResponse);
        }

        await EndAsync<PlanPage>(visit, error, $"/pricing{Path(visit, "plans")}?done=saved");
    }

    private async Task DeletePlanAsync(CurrentVisit visit)
    {
        var (_, error) = await api.SendAsync(visit, "DELETE", Path(visit, "plans"), null, HttpJson.Default.DeletedResponse);
        await EndAsync<PlanPage>(visit, error, "/pricing");
    }

    private async ValueTask<IEnumerable<string>> MetersAsync(CurrentVisit visit) =>
        (await api.GetAsync(visit, "/meters?limit=100", MetersJson.Default.ListResponseMeterResponse)).Required.Data.Select(meter => meter.MeterId);

    private async Task EndAsync<TPage>(CurrentVisit visit, ApiError? error, string next)
        where TPage : IComponent
    {
        if (error is null)
        {
            PageWriter.Redirect(visit.Http, visit.Link(next));
            return;
        }

        visit.Form = visit.Form with { Error = error };
        visit.Status = error.Status;
        await writer.WriteAsync<TPage>(visit);
    }

    private static string Path(CurrentVisit visit, string kind) => $"/{kind}/{Uri.EscapeDataString(visit.Id)}";
}
