using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Lava.Console.Serving;
using Lava.Service.Api.Endpoints;
using Lava.Service.Customers;
using Lava.Service.TestHelpers;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Routing;

namespace Lava.Console.Pages.Clocks;

/// <summary>What is done with test clocks.</summary>
internal sealed class ClockForms(ConsoleRoutes pages, PageWriter writer, ConsoleApi api) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        pages.Form(routes, "/clocks", "Test clocks", "clocks", CreateAsync);
        pages.Form(routes, "/clocks/{id}/advance", "Test clock", "clocks", AdvanceAsync);
        pages.Form(routes, "/clocks/{id}/customers", "Test clock", "clocks", CreateCustomerAsync);
    }

    private Task CreateAsync(CurrentVisit visit)
    {
        var body = new JsonObject { ["frozen_time"] = Time(visit.Form["frozen_time"]) };
        if (visit.Form["name"].Length > 0) body["name"] = visit.Form["name"];
        return SendAsync<ClocksPage, TestClockResponse>(
            visit, "/test_clocks", body, TestHelpersJson.Default.TestClockResponse, made => visit.Link("/clocks/" + made.TestClockId));
    }

    private async Task AdvanceAsync(CurrentVisit visit)
    {
        var path = "/test_clocks/" + Uri.EscapeDataString(visit.Id);
        var target = Time(visit.Form["frozen_time"]);
        if (visit.Form["by"] is { Length: > 0 } step)
        {
            if ((await api.GetAsync(visit, path, TestHelpersJson.Default.TestClockResponse)).Value is not { } clock)
            {
                await writer.WriteAsync<ClockPage>(visit);
                return;
            }

            var now = clock.FrozenTime;
            target = (step switch { "day" => now.AddDays(1), "week" => now.AddDays(7), "month" => now.AddMonths(1), _ => now.AddYears(1) })
                .ToString("O", CultureInfo.InvariantCulture);
        }

        await SendAsync<ClockPage, TestClockResponse>(
            visit,
            path + "/advance",
            new JsonObject { ["frozen_time"] = target },
            TestHelpersJson.Default.TestClockResponse,
            _ => visit.Link("/clocks/" + Uri.EscapeDataString(visit.Id)));
    }

    private Task CreateCustomerAsync(CurrentVisit visit) => SendAsync<ClockPage, CustomerResponse>(
        visit,
        "/customers",
        new JsonObject { ["reference_id"] = visit.Form["reference_id"], ["test_clock_id"] = visit.Id },
        CustomersJson.Default.CustomerResponse,
        _ => visit.Link("/clocks/" + Uri.EscapeDataString(visit.Id)));

    private async Task SendAsync<TPage, T>(CurrentVisit visit, string path, JsonObject body, JsonTypeInfo<T> type, Func<T, string> next)
        where TPage : IComponent
        where T : class
    {
        var (made, error) = await api.SendAsync(visit, "POST", path, body, type);
        if (error is null)
        {
            PageWriter.Redirect(visit.Http, next(made!));
            return;
        }

        visit.Form = visit.Form with { Error = error };
        visit.Status = error.Status;
        await writer.WriteAsync<TPage>(visit);
    }

    // The field of a page has no zone: it is in UTC, as its label says.
    private static string Time(string field) => field.Length == 16 ? field + ":00Z" : field;
}
