using Lava.Core.Keys;
using Lava.Service.Billing;
using Lava.Service.Customers;
using Lava.Service.Errors;
using Lava.Service.Http;
using Lava.Service.Plans;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Subscriptions;

/// <summary><c>/v1/subscriptions</c> (rest-api.md §8).</summary>
public static class SubscriptionEndpoints
{
    private static readonly string[] StatusWords = ["active", "cancelled", "all"];

    /// <summary>Maps them.</summary>
    public static void MapSubscriptions(this IEndpointRouteBuilder routes)
    {
        var customers = routes.ServiceProvider.GetRequiredService<CustomerStore>();
        var plans = routes.ServiceProvider.GetRequiredService<PlanStore>();
        var service = routes.ServiceProvider.GetRequiredService<SubscriptionService>();
        var billing = routes.ServiceProvider.GetRequiredService<CustomerBilling>();
        var list = routes.ServiceProvider.GetRequiredService<SubscriptionList>();

        ManagementApi.Map(routes, "POST", "/subscriptions", async request =>
        {
            var fields = request.Fields();
            var customerId = fields.Text("customer_id", isRequired: true);
            var planId = fields.Text("plan_id", isRequired: true);
            if (fields.Error is { } invalid) return invalid;
            if (await customers.FindAsync(request.Tenant, customerId!, request.Cancelled) is not { } customer) return ApiError.NotFound("customer");
            if (await plans.FindAsync(request.Tenant, planId!, request.Cancelled) is not { } plan) return ApiError.NotFound("plan");
            var owner = await billing.OpenAsync(request.Tenant, customer.Customer, request.Cancelled);
            var (isNew, error) = await service.AssignFreeAsync(owner, plan.Plan, request.Cancelled);
            if (error is not null) return error;
            var shown = new CreatedSubscriptionResponse((await list.ShowAsync(request.Tenant, customer.Customer.Id, request.Cancelled))!);
            return isNew ? ApiResult.Created(shown, SubscriptionsJson.Default.CreatedSubscriptionResponse) : ApiResult.Ok(shown, SubscriptionsJson.Default.CreatedSubscriptionResponse);
        });

        ManagementApi.Map(routes, "GET", "/subscriptions", async request =>
        {
            if (PageRequest.TryRead(request.Query, out var page) is { } invalid) return invalid;
            var status = request.Query.TryGetValue("status", out var word) ? word.ToString() : "active";
            if (!StatusWords.Contains(status)) return ApiError.Validation(Issue.At("status", "status must be active, cancelled or all."));
            bool? isActive = status switch { "active" => true, "cancelled" => false, _ => null };
            IReadOnlyList<SubscriptionListItem>? items;
            if (request.Query.TryGetValue("customer_id", out var customerId))
            {
                if (await customers.FindAsync(request.Tenant, customerId.ToString(), request.Cancelled) is not { } customer) return ApiError.NotFound("customer");
                items = await list.OfCustomerAsync(request.Tenant, customer.Customer, isActive, page, request.Cancelled);
            }
            else
            {
                var found = await list.PageAsync(request.Tenant, isActive, page, request.Cancelled);
                if (found is null) return PageRequest.UnknownCursor();
                return ApiResult.Ok(found, SubscriptionsJson.Default.ListResponseSubscriptionListItem);
            }

            return items is null
                ? PageRequest.UnknownCursor()
                : ApiResult.Ok(Pages.Of(items, page.Limit, item => item.SubscriptionId), SubscriptionsJson.Default.ListResponseSubscriptionListItem);
        });

        ManagementApi.Map(routes, "PATCH", "/subscriptions/{id}", async request =>
        {
            var fields = request.Fields();
            var bundleId = fields.Has("auto_top_up_bundle_id") ? fields.Text("auto_top_up_bundle_id") : null;
            if (fields.Error is { } invalid) return invalid;
            if (await FindOwnerAsync(service, customers, request.Tenant, request.Id, request.Cancelled) is not { } owner) return ApiError.NotFound("subscription");
            if (!fields.Has("auto_top_up_bundle_id")) return await list.IsActiveAsync(owner, request.Id, request.Cancelled) ? ApiResult.Success() : ApiError.NotFound("subscription");
            return await service.SetTopUpAsync(owner, request.Id, bundleId, request.Cancelled) is { } error ? error : ApiResult.Success();
        });

        ManagementApi.Map(routes, "DELETE", "/subscriptions/{id}", async request =>
            await FindOwnerAsync(service, customers, request.Tenant, request.Id, request.Cancelled) is { } owner && await service.CancelAsync(owner, request.Id, request.Cancelled)
                ? ApiResult.Success()
                : ApiError.NotFound("subscription"));
    }

    private static async ValueTask<BillingOwner?> FindOwnerAsync(SubscriptionService service, CustomerStore customers, Tenant tenant, string id, CancellationToken cancellationToken)
    {
        if (await service.FindCustomerAsync(tenant, id, cancellationToken) is not { } customerId) return null;
        return await customers.FindAsync(tenant, customerId, cancellationToken) is { } found ? CustomerBilling.OwnerOf(tenant, found.Customer) : null;
    }
}
