using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Lava.Console.Portal.Pages;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Billing.Subscriptions;
using Lava.Service.Customers;
using Lava.Service.Customers.Portal;
using Lava.Service.Customers.Subscriptions;
using Lava.Service.Wallets;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Routing;

namespace Lava.Console.Portal;

/// <summary>What customers do in the portal.</summary>
internal sealed class PortalForms(PortalRoutes pages, PortalWriter writer, PortalApi api, PortalStore store) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        pages.Form(routes, "/plan", "Plan and credits", "/plan", ChangePlanAsync);
        pages.Form(routes, "/keep", "Plan and credits", "/plan", KeepAsync);
        pages.Form(routes, "/cancel", "Plan and credits", "/plan", CancelAsync);
        pages.Form(routes, "/credits", "Plan and credits", "/plan", BuyAsync);
        pages.Form(routes, "/pay", "Payments and cards", "/billing", PayAsync);
        pages.Form(routes, "/cards", "Payments and cards", "/billing", AddCardAsync);
        pages.Form(routes, "/cards/default", "Payments and cards", "/billing", ChooseCardAsync);
        pages.Form(routes, "/cards/remove", "Payments and cards", "/billing", RemoveCardAsync);
    }

    private async Task ChangePlanAsync(PortalVisit visit)
    {
        if (!visit.Session!.Offers(visit.Form["plan_id"]))
        {
            await pages.FailAsync(visit, 400, "This plan is not offered here", "Nothing was changed.");
            return;
        }

        await PurchaseAsync<PlanPage>(visit, "/plan", "plan_id", "/portal/plan?done=plan");
    }

    private Task BuyAsync(PortalVisit visit) => PurchaseAsync<PlanPage>(visit, "/credit_bundles", "credit_bundle_id", "/portal/plan?done=credits");

    private Task PayAsync(PortalVisit visit) => PurchaseAsync<BillingPage>(visit, "/pay", null, "/portal/billing?done=paid");

    private async Task KeepAsync(PortalVisit visit)
    {
        if (await FindSubscriptionAsync(visit) is not { } subscription) return;
        var body = new JsonObject { ["plan_id"] = subscription.PlanId };
        await SendAsync<PlanPage, PaidSubscriptionResponse>(
            visit, "POST", PathOf(subscription) + "/plan", body, SubscriptionsJson.Default.PaidSubscriptionResponse, "/portal/plan?done=kept");
    }

    private async Task CancelAsync(PortalVisit visit)
    {
        if (await FindSubscriptionAsync(visit) is not { } subscription) return;
        await SendAsync<PlanPage, SuccessResponse>(
            visit, "DELETE", PathOf(subscription), null, HttpJson.Default.SuccessResponse, "/portal/plan?done=cancelled");
    }

    // The processor's page is behind a link: a form's redirect to elsewhere is what the page's own rule forbids.
    private async Task AddCardAsync(PortalVisit visit)
    {
        var body = new JsonObject { ["return_url"] = visit.Back.AbsoluteUri, ["customer_id"] = visit.Session!.CustomerId };
        var (setup, error) = await api.SendAsync(visit, "POST", "/payment_methods/setups", body, WalletsWire.Default.CardSetupResponse);
        if (error is not null)
        {
            await RefuseAsync<BillingPage>(visit, error);
            return;
        }

        await store.ChangeAsync(visit.Id, session => session with { SetupId = setup!.SetupId }, CancellationToken.None);
        visit.Elsewhere = setup!.Url;
        visit.Title = "Add a card";
        visit.Explanation = "You enter your card on the page of our payment processor.";
        await writer.WriteAsync<ElsewherePage>(visit);
    }

    private Task ChooseCardAsync(PortalVisit visit)
    {
        var body = new JsonObject { ["payment_method_id"] = visit.Form["card"] };
        return SendAsync<BillingPage, SuccessResponse>(
            visit, "POST", visit.CustomerPath + "/default_payment_method", body, HttpJson.Default.SuccessResponse, "/portal/billing?done=default");
    }

    private Task RemoveCardAsync(PortalVisit visit)
    {
        var path = $"{visit.CustomerPath}/payment_methods/{Uri.EscapeDataString(visit.Form["card"])}";
        return SendAsync<BillingPage, DeletedResponse>(visit, "DELETE", path, null, HttpJson.Default.DeletedResponse, "/portal/billing?done=removed");
    }

    private async Task PurchaseAsync<TPage>(PortalVisit visit, string path, string? member, string done)
        where TPage : IComponent
    {
        if (await FindSubscriptionAsync(visit) is not { } subscription) return;
        var body = new JsonObject { ["return_url"] = visit.Back.AbsoluteUri };
        if (member is not null)
        {
            body[member] = visit.Form[member];
            body["expected_amount"] = visit.Form["expected_amount"];
        }

        if (visit.Form["card"].Length > 0) body["payment_method_id"] = visit.Form["card"];
        var (result, error) = await api.SendAsync(
            visit, "POST", PathOf(subscription) + path, body, SubscriptionsJson.Default.PaidSubscriptionResponse, visit.Once);
        if (error is not null)
        {
            await RefuseAsync<TPage>(visit, error);
            return;
        }

        if (result!.RedirectUrl is null)
        {
            PortalWriter.Redirect(visit, result.Status == "scheduled" ? "/portal/plan?done=scheduled" : done);
            return;
        }

        await store.ChangeAsync(visit.Id, session => session with { PaymentId = result.PaymentId }, CancellationToken.None);
        visit.Elsewhere = result.RedirectUrl;
        visit.Title = "Confirm the payment";
        visit.Explanation = "Your bank needs to confirm that it is you. Nothing is charged until then.";
        await writer.WriteAsync<ElsewherePage>(visit);
    }

    // The page's subscription must still be the customer's own: a page that was open for long does not change the one that came after it.
    private async ValueTask<SubscriptionResponse?> FindSubscriptionAsync(PortalVisit visit)
    {
        var path = visit.CustomerPath + "/subscription";
        var subscription = (await api.GetAsync(visit, path, CustomersJson.Default.CustomerSubscriptionResponse)).Value?.Subscription;
        if (subscription is not null && subscription.SubscriptionId == visit.Form["subscription"]) return subscription;
        await pages.FailAsync(visit, 409, "Your plan has changed meanwhile", "Nothing was done. Reload the page and try again.");
        return null;
    }

    private async Task SendAsync<TPage, T>(PortalVisit visit, string method, string path, JsonObject? body, JsonTypeInfo<T> type, string done)
        where TPage : IComponent
        where T : class
    {
        var (_, error) = await api.SendAsync(visit, method, path, body, type, method == "POST" ? visit.Once : null);
        if (error is null) PortalWriter.Redirect(visit, done);
        else await RefuseAsync<TPage>(visit, error);
    }

    private Task RefuseAsync<TPage>(PortalVisit visit, ApiError error)
        where TPage : IComponent
    {
        visit.Form = visit.Form with { Error = error };
        visit.Status = error.Status;
        return writer.WriteAsync<TPage>(visit);
    }

    private static string PathOf(SubscriptionResponse subscription) => "/subscriptions/" + Uri.EscapeDataString(subscription.SubscriptionId);
}
