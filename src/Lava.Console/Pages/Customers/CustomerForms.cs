using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Lava.Console.Serving;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Customers;
using Lava.Service.Customers.Portal;
using Lava.Service.Customers.Subscriptions;
using Lava.Service.Reporting.LedgerEntries;
using Microsoft.AspNetCore.Routing;

namespace Lava.Console.Pages.Customers;

/// <summary>What is done with customers.</summary>
internal sealed class CustomerForms(ConsoleRoutes pages, PageWriter writer, ConsoleApi api) : IEndpoints
{
    private static readonly string[] Members = ["reference_id", "name", "email"];
    private static readonly string[] AddressMembers = ["line1", "line2", "city", "state", "postal_code", "country"];
    private static readonly string[] ContactMembers = ["name", "email", "phone"];

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        pages.Form(routes, "/customers", "Customers", "customers", CreateAsync);
        Map(routes, "adjust", AdjustAsync);
        Map(routes, "refund", RefundAsync);
        Map(routes, "plan", ChangePlanAsync);
        Map(routes, "cancel", CancelAsync);
        Map(routes, "pay", PayAsync);
        Map(routes, "contact", SaveContactAsync);
        Map(routes, "billing", SaveBillingAsync);
        Map(routes, "delete", DeleteAsync);
        Map(routes, "portal", OpenPortalAsync);
    }

    private void Map(IEndpointRouteBuilder routes, string verb, Func<CurrentVisit, Task> handle) =>
        pages.Form(routes, "/customers/{id}/" + verb, "Customer", "customers", handle);

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

    private Task AdjustAsync(CurrentVisit visit)
    {
        var body = new JsonObject { ["amount"] = visit.Form["amount"], ["description"] = visit.Form["description"] };
        return SendAsync(visit, "POST", Path(visit) + "/adjustments", body, LedgerWire.Default.LedgerEntryResponse, "adjusted");
    }

    private Task RefundAsync(CurrentVisit visit)
    {
        var body = new JsonObject { ["payment_id"] = visit.Form["payment_id"], ["amount"] = visit.Form["refund_amount"] };
        return SendAsync(visit, "POST", Path(visit) + "/refunds", body, LedgerWire.Default.LedgerEntryResponse, "refunded");
    }

    private Task ChangePlanAsync(CurrentVisit visit)
    {
        var body = new JsonObject { ["customer_id"] = visit.Id, ["plan_id"] = visit.Form["plan_id"] };
        return SendAsync(visit, "POST", "/subscriptions", body, SubscriptionsJson.Default.CreatedSubscriptionResponse, "plan");
    }

    // The page's subscription, so that a form that was open for long does not cancel the one that came after it.
    private Task CancelAsync(CurrentVisit visit) =>
        SendAsync(visit, "DELETE", Subscription(visit), null, HttpJson.Default.SuccessResponse, "cancelled");

    private Task PayAsync(CurrentVisit visit) =>
        SendAsync(visit, "POST", Subscription(visit) + "/pay", [], SubscriptionsJson.Default.PaidSubscriptionResponse, "paid");

    private Task SaveContactAsync(CurrentVisit visit)
    {
        var body = new JsonObject();
        foreach (var member in ContactMembers) body[member] = visit.Form[member].Length > 0 ? visit.Form[member] : null;
        return SendAsync(visit, "PATCH", Path(visit), body, CustomersJson.Default.CustomerResponse, "saved");
    }

    private Task SaveBillingAsync(CurrentVisit visit)
    {
        var address = new JsonObject();
        foreach (var member in AddressMembers) address[member] = visit.Form[member];
        var billing = new JsonObject { ["name"] = visit.Form["billing_name"], ["address"] = address, ["tax_id"] = visit.Form["tax_id"] };
        return SendAsync(visit, "PATCH", Path(visit), new JsonObject { ["billing"] = billing }, CustomersJson.Default.CustomerResponse, "billing");
    }

    private async Task DeleteAsync(CurrentVisit visit)
    {
        await api.SendAsync(visit, "DELETE", Path(visit), null, HttpJson.Default.SuccessResponse);
        PageWriter.Redirect(visit.Http, visit.Link("/customers"));
    }

    // In the same tab: the portal leads back to this page.
    private async Task OpenPortalAsync(CurrentVisit visit)
    {
        var back = new Uri(visit.Server, visit.Link("/customers/" + Uri.EscapeDataString(visit.Id)));
        var body = new JsonObject { ["customer_id"] = visit.Id, ["return_url"] = back.AbsoluteUri };
        var (made, error) = await api.SendAsync(visit, "POST", "/portal_sessions", body, PortalWire.Default.PortalSessionResponse);
        if (error is null)
        {
            PageWriter.Redirect(visit.Http, made!.Url.AbsolutePath);
            return;
        }

        visit.Form = visit.Form with { Error = error };
        visit.Status = error.Status;
        await writer.WriteAsync<CustomerPage>(visit);
    }

    // However often a form is sent, it is done once.
    private async Task SendAsync<T>(CurrentVisit visit, string method, string path, JsonObject? body, JsonTypeInfo<T> type, string done)
        where T : class
    {
        var (_, error) = await api.SendAsync(visit, method, path, body, type, method == "POST" ? visit.Once : null);
        if (error is null)
        {
            PageWriter.Redirect(visit.Http, visit.Link($"/customers/{Uri.EscapeDataString(visit.Id)}?done={done}"));
            return;
        }

        visit.Form = visit.Form with { Error = error };
        visit.Status = error.Status;
        await writer.WriteAsync<CustomerPage>(visit);
    }

    private static string Path(CurrentVisit visit) => "/customers/" + Uri.EscapeDataString(visit.Id);

    private static string Subscription(CurrentVisit visit) => "/subscriptions/" + Uri.EscapeDataString(visit.Form["subscription"]);
}
