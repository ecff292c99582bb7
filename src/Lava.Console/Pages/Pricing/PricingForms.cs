using System.Text.Json.Nodes;
using Lava.Console.Serving;
using Lava.Service.Api.Endpoints;
using Lava.Service.Pricing.Meters;
using Microsoft.AspNetCore.Routing;

namespace Lava.Console.Pages.Pricing;

/// <summary>What is done with prices.</summary>
internal sealed class PricingForms(ConsoleRoutes pages, PageWriter writer, ConsoleApi api) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes) => pages.Form(routes, "/pricing/meters", "Pricing", "pricing", CreateMeterAsync);

    private async Task CreateMeterAsync(CurrentVisit visit)
    {
        var form = visit.Form;
        var body = new JsonObject
        {
            ["name"] = form["name"],
            ["meter_slug"] = form["meter_slug"],
            ["rate_type"] = form["rate_type"],
            ["tier_type"] = form["tier_type"],
            ["tiers"] = new JsonArray(new JsonObject { ["start"] = "0", ["rate"] = form["rate"] }),
        };
        var (_, error) = await api.SendAsync(visit, "POST", "/meters", body, MetersJson.Default.MeterResponse);
        if (error is null)
        {
            PageWriter.Redirect(visit.Http, visit.Link("/pricing"));
            return;
        }

        visit.Form = form with { Error = error };
        visit.Status = error.Status;
        await writer.WriteAsync<PricingPage>(visit);
    }
}
