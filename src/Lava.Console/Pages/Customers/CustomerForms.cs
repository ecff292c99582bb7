using System.Text.Json.Nodes;
using Lava.Console.Serving;
using Lava.Service.Api.Endpoints;
using Lava.Service.Customers;
using Lava.Service.Reporting.LedgerEntries;
using Microsoft.AspNetCore.Routing;

namespace Lava.Console.Pages.Customers;

/// <summary>What is done with customers.</summary>
internal sealed class CustomerForms(ConsoleRoutes pages, PageWriter writer, ConsoleApi api) : IEndpoints
{
    private static readonly string[] Members = ["reference_id", "first_name", "last_name", "email"];

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        pages.Form(routes, "/customers", "Customers", "customers", CreateAsync);
        pages.Form(routes, "/customers/{id}/adjust", "Customer", "customers", AdjustAsync);
    }

    private async Task CreateAsync(CurrentVisit visit)
    {
        var body = new JsonObject();
        foreach (var member in Members)
        {
            if (visit.Form[member].Length > 0) body[member] = visit.Form[member];
        }

        var (made, error) = await api.SendAsync(visit, "POST", "/customers", body, CustomersJson.Default.CustomerResponse);
        if (error is null)
        {
            PageWriter.Redirect(visit.Http, visit.Link("/customers/" + made!.CustomerId));
            return;
        }

        visit.Form = visit.Form with { Error = error };
        visit.Status = error.Status;
        await writer.WriteAsync<CustomersPage>(visit);
    }

    private async Task AdjustAsync(CurrentVisit visit)
    {
        var body = new JsonObject { ["amount"] = visit.Form["amount"], ["description"] = visit.Form["description"] };
        var path = $"/customers/{Uri.EscapeDataString(visit.Id)}/adjustments";
        var (_, error) = await api.SendAsync(visit, "POST", path, body, LedgerWire.Default.LedgerEntryResponse, visit.Once);
        if (error is null)
        {
            PageWriter.Redirect(visit.Http, visit.Link("/customers/" + Uri.EscapeDataString(visit.Id)));
            return;
        }

        visit.Form = visit.Form with { Error = error };
        visit.Status = error.Status;
        await writer.WriteAsync<CustomerPage>(visit);
    }
}
