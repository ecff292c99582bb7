using Lava.Console.Portal.Pages;
using Lava.Console.Serving;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Customers.Portal;
using Lava.Service.Invoices;
using Lava.Service.Reporting.LedgerEntries;
using Microsoft.AspNetCore.Routing;

namespace Lava.Console.Portal;

/// <summary>The portal's door, its pages and its exit.</summary>
internal sealed class PortalPages(PortalRoutes pages, PortalStore store, PortalCards cards, PortalApi api, PortalWriter writer) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        pages.Open(routes, "GET", "/open/{secret}", "Welcome", EnterAsync);
        pages.Page<OverviewPage>(routes, "", "Your account");
        pages.Page<UsagePage>(routes, "/usage", "Usage");
        pages.Page<PlanPage>(routes, "/plan", "Plan and credits");
        pages.Visit(routes, "GET", "/billing", "Payments and cards", "/billing", ShowBillingAsync);
        pages.Visit(routes, "GET", "/invoices/{id}", "Invoice", "/billing", WriteInvoiceAsync);
        pages.Open(routes, "GET", "/returned", "Welcome back", ReturnAsync);
        pages.Form(routes, "/sign-out", "Signed out", "", LeaveAsync);
    }

    // The link has done its work when it was opened. What the browser gets is something else, so the link's address, wherever it is kept, opens nothing more;
    // and a visit that somebody else may have put into this browser is not continued.
    private async Task EnterAsync(PortalVisit visit)
    {
        var http = visit.Http;
        if (await store.OpenAsync(RouteText.Of(http, "secret"), http.RequestAborted) is not (var id, var session))
        {
            var text = "A link opens once, within ten minutes. Go back to the page that you came from, and open this one again from there.";
            await pages.EndAsync(visit, 404, "This link has been used or is too old", text);
            return;
        }

        if (PortalCookies.Read(http) is { Length: > 0 } before) await store.EndAsync(before, http.RequestAborted);
        PortalCookies.Write(http, id, session.EmbedOrigin is not null, session.ExpiresAt);
        visit.Session = session;
        PortalWriter.Redirect(visit, "/portal");
    }

    private async Task ShowBillingAsync(PortalVisit visit)
    {
        await cards.TakeAsync(visit);
        await writer.WriteAsync<BillingPage>(visit);
    }

    // An id of another customer's is as good as none.
    private async Task WriteInvoiceAsync(PortalVisit visit)
    {
        var path = "/invoices/" + Uri.EscapeDataString(RouteText.DecodedOf(visit.Http, "id"));
        var (invoice, _) = await api.GetAsync(visit, path, InvoicesWire.Default.InvoiceResponse);
        if (invoice?.CustomerId == visit.Session!.CustomerId) await api.WriteDocumentAsync(visit, path + "/pdf");
        else await pages.FailAsync(visit, 404, "There is no such invoice", "Look at your payments.");
    }

    // From the bank or the processor, in the tab of the visit or in another one: a frame's visit is unknown there.
    private async Task ReturnAsync(PortalVisit visit)
    {
        if (!await pages.FindAsync(visit))
        {
            await pages.EndAsync(visit, 200, "Thank you", "You can close this tab and go back to the page that you came from.");
            return;
        }

        if (visit.Session!.PaymentId is { } paymentId)
        {
            var path = QueryText.Of(visit.CustomerPath + "/payments", [("limit", "20")]);
            var paid = (await api.GetAsync(visit, path, LedgerWire.Default.ListResponseCustomerPaymentResponse)).Required.Data;
            await store.ChangeAsync(visit.Id, session => session.PaymentId == paymentId ? session with { PaymentId = null } : session, CancellationToken.None);
            PortalWriter.Redirect(visit, "/portal/billing?done=" + (paid.Any(one => one.PaymentId == paymentId) ? "paid" : "unpaid"));
            return;
        }

        var isAdded = await cards.TakeAsync(visit);
        PortalWriter.Redirect(visit, "/portal/billing" + (isAdded ? "?done=card" : ""));
    }

    private async Task LeaveAsync(PortalVisit visit)
    {
        await store.EndAsync(visit.Id, visit.Http.RequestAborted);
        PortalCookies.Delete(visit.Http);

        // In a frame the way back would lead the merchant's page into its own frame.
        if (!visit.IsFramed) visit.Elsewhere = new Uri(visit.Session!.ReturnUrl);
        await pages.EndAsync(visit, 200, "You are signed out", "Everything is as you left it.");
    }
}
