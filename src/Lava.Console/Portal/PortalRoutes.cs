using Lava.Console.Portal.Pages;
using Lava.Console.Serving;
using Lava.Service.Accounts.Branding;
using Lava.Service.Accounts.Merchants;
using Lava.Service.Api;
using Lava.Service.Api.Input;
using Lava.Service.Customers;
using Lava.Service.Customers.Portal;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Tables;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Lava.Console.Portal;

/// <summary>Maps the portal's pages and forms: whose visit a request is, and what is said when something fails.</summary>
internal sealed partial class PortalRoutes(
    PortalWriter writer,
    PortalStore store,
    CustomerStore customers,
    BrandingStore branding,
    MerchantStore merchants,
    ILogger<PortalRoutes> logger)
{
    /// <summary>A page of a visit's.</summary>
    /// <param name="routes">The routes that it joins.</param>
    /// <param name="section">Its path below <c>/portal</c>; empty for the first page.</param>
    /// <param name="title">Its title.</param>
    public void Page<TPage>(IEndpointRouteBuilder routes, string section, string title)
        where TPage : IComponent => Visit(routes, "GET", section, title, section, writer.WriteAsync<TPage>);

    /// <summary>A form of a visit's.</summary>
    /// <param name="routes">The routes that it joins.</param>
    /// <param name="path">Where it is sent, below <c>/portal</c>.</param>
    /// <param name="title">Title of the page that shows what is wrong with it.</param>
    /// <param name="section">The page's entry in the menu.</param>
    /// <param name="handle">Does what it asks for, and answers with a page or sends the browser on.</param>
    public void Form(IEndpointRouteBuilder routes, string path, string title, string section, Func<PortalVisit, Task> handle) =>
        Visit(routes, "POST", path, title, section, handle);

    /// <summary>Anything else of a visit's.</summary>
    public void Visit(IEndpointRouteBuilder routes, string method, string path, string title, string section, Func<PortalVisit, Task> handle) =>
        Open(routes, method, path, title, async visit =>
        {
            visit.Section = section;
            if (!await FindAsync(visit))
            {
                await EndAsync(visit, 401, "Your visit has ended", "Go back to the page that you came from, and open this one again from there.");
                return;
            }

            if (method == "POST" && !await ReadFormAsync(visit))
            {
                await FailAsync(visit, 400, "This page is out of date", "Nothing was changed. Reload the page and try again.");
                return;
            }

            await handle(visit);
        });

    /// <summary>A page for everybody.</summary>
    public void Open(IEndpointRouteBuilder routes, string method, string path, string title, Func<PortalVisit, Task> handle) =>
        routes.MapMethods("/portal" + path, [method], http => GuardAsync(PortalWriter.Begin(http, title), handle));

    /// <summary>Finds the visit that a request belongs to; false where there is none, or where its customer is no more.</summary>
    public async ValueTask<bool> FindAsync(PortalVisit visit)
    {
        var cancelled = visit.Http.RequestAborted;
        if (PortalCookies.Read(visit.Http) is not { Length: > 0 } id || await store.FindAsync(id, cancelled) is not { } session) return false;
        if (await customers.FindAsync(session.Tenant, session.CustomerId, cancelled) is not { } found) return false;
        visit.Branding = await branding.GetAsync(session.Tenant, cancelled);
        visit.Brand = visit.Branding.Name ?? (await merchants.GetAsync(session.MerchantId, cancelled)).Name;
        (visit.Id, visit.Session, visit.Customer) = (id, session, found.Customer);
        return true;
    }

    /// <summary>Writes a page without a visit.</summary>
    public Task EndAsync(PortalVisit visit, int status, string title, string text)
    {
        (visit.Session, visit.Customer, visit.Id, visit.Branding) = (null, null, "", BrandingSettings.None);
        return FailAsync(visit, status, title, text);
    }

    /// <summary>Writes a page that says why there is no other.</summary>
    public async Task FailAsync(PortalVisit visit, int status, string title, string text)
    {
        if (visit.Http.Response.HasStarted)
        {
            visit.Http.Abort();
            return;
        }

        (visit.Status, visit.Title, visit.Explanation) = (status, title, text);
        await writer.WriteAsync<FailurePage>(visit);
    }

    private async Task GuardAsync(PortalVisit visit, Func<PortalVisit, Task> handle)
    {
        var http = visit.Http;
        try
        {
            await handle(visit);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be told.
        }
        catch (Exception fault) when (fault is TableStoreException or PaymentProcessorException)
        {
            LogFault(visit.Title, RequestIds.Of(http), fault);
            await FailAsync(visit, 503, "Not available right now", "Try again in a moment. Before you pay again, look at your payments.");
        }
        catch (Exception fault)
        {
            LogFault(visit.Title, RequestIds.Of(http), fault);
            await FailAsync(visit, 500, "Something went wrong", "Try again in a moment. Before you pay again, look at your payments.");
        }
    }

    private static async Task<bool> ReadFormAsync(PortalVisit visit)
    {
        if (await SmallForm.ReadAsync(visit.Http) is not { } form || !visit.Proves(form["form_token"].ToString())) return false;
        visit.Form = new FormState(form.ToDictionary(field => field.Key, field => field.Value.ToString().Trim(), StringComparer.Ordinal), null);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The portal's page {Title} failed (request {RequestId}).")]
    private partial void LogFault(string title, string requestId, Exception fault);
}
