using System.Text.Json;
using Lava.Core.Billing;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Input;
using Lava.Service.Api.Lists;
using Lava.Service.Billing.Subscriptions;
using Lava.Service.Pricing.Plans;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Customers.Subscriptions;

/// <summary><c>/v1/subscriptions</c> (rest-api.md §8).</summary>
internal sealed class SubscriptionEndpoints(
    ManagementApi api,
    CustomerStore customers,
    PlanStore plans,
    SubscriptionService service,
    CustomerBilling billing,
    SubscriptionList list) : IEndpoints
{
    private static readonly string[] StatusWords = ["active", "past_due", "cancelled", "all"];

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "POST", "/subscriptions", async request =>
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
            return isNew
                ? ApiResult.Created(shown, SubscriptionsJson.Default.CreatedSubscriptionResponse)
                : ApiResult.Ok(shown, SubscriptionsJson.Default.CreatedSubscriptionResponse);
        }).Describe(Operation.Created(
            "createSubscription",
            "Subscriptions",
            "Put a customer on a free plan.",
            typeof(CreateSubscriptionBody),
            typeof(CreatedSubscriptionResponse)));

        api.Map(routes, "GET", "/subscriptions", async request =>
        {
            if (ListQuery.TryRead(request.Query, out var page) is { } invalid) return invalid;
            var status = request.Query.TryGetValue("status", out var word) ? word.ToString() : "active";
            if (!StatusWords.Contains(status)) return ApiError.Validation(Issue.At("status", "status must be active, past_due, cancelled or all."));
            bool? isActive = status switch { "active" or "past_due" => true, "cancelled" => false, _ => null };
            IReadOnlyList<SubscriptionListItem>? items;
            if (request.Query.TryGetValue("customer_id", out var customerId))
            {
                if (await customers.FindAsync(request.Tenant, customerId.ToString(), request.Cancelled) is not { } customer)
                    return ApiError.NotFound("customer");
                items = await list.OfCustomerAsync(request.Tenant, customer.Customer, isActive, page, request.Cancelled);
            }
            else
            {
                var found = await list.PageAsync(request.Tenant, isActive, page, request.Cancelled);
                if (found is null) return ListQuery.UnknownCursor();

                // Those that are past due are among the active ones, so a page of them may be short and still have a next one.
                if (status == "past_due") found = found with { Data = [.. found.Data.Where(item => item.PastDue is not null)] };
                return ApiResult.Ok(found, SubscriptionsJson.Default.ListResponseSubscriptionListItem);
            }

            if (status == "past_due") items = items?.Where(item => item.PastDue is not null).ToList();
            return items is null
                ? ListQuery.UnknownCursor()
                : ApiResult.Ok(Paging.Of(items, page.Limit, item => item.SubscriptionId), SubscriptionsJson.Default.ListResponseSubscriptionListItem);
        }).Describe(Operation.List(
            "listSubscriptions",
            "Subscriptions",
            "List subscriptions.",
            typeof(ListResponse<SubscriptionListItem>),
            "status",
            "customer_id"));

        api.Map(routes, "PATCH", "/subscriptions/{id}", async request =>
        {
            var fields = request.Fields();
            var bundleId = fields.Has("auto_top_up_bundle_id") ? fields.Text("auto_top_up_bundle_id") : null;
            var limits = ReadLimits(fields);
            if (fields.Error is { } invalid) return invalid;
            if (await billing.FindOwnerAsync(request.Tenant, request.Id, request.Cancelled) is not { } owner)
                return ApiError.NotFound("subscription");

            // The limits first, so that a bundle that is bought at once keeps to them.
            if (fields.Has("auto_top_up_limits") && await service.SetTopUpLimitsAsync(owner, request.Id, limits, request.Cancelled) is { } refused)
                return refused;
            if (!fields.Has("auto_top_up_bundle_id"))
                return await list.IsActiveAsync(owner, request.Id, request.Cancelled) ? ApiResult.Success() : ApiError.NotFound("subscription");
            return await service.SetTopUpAsync(owner, request.Id, bundleId, request.Cancelled) is { } error ? error : ApiResult.Success();
        }).Describe(Operation.Change(
            "updateSubscription",
            "Subscriptions",
            "Set the bundle that auto top-up buys when the credits are used up, and its limits.",
            typeof(UpdateSubscriptionBody),
            typeof(SuccessResponse)) with { Object = typeof(SubscriptionResponse) });

        api.Map(routes, "DELETE", "/subscriptions/{id}", async request =>
            await billing.FindOwnerAsync(request.Tenant, request.Id, request.Cancelled) is { } owner
                && await service.CancelAsync(owner, request.Id, request.Cancelled)
                ? ApiResult.Success()
                : ApiError.NotFound("subscription"))
            .Describe(Operation.Read("cancelSubscription", "Subscriptions", "Cancel a subscription at the end of its cycle.", typeof(SuccessResponse)));
    }

    private static TopUpLimits? ReadLimits(RequestFields fields)
    {
        var value = fields.Raw("auto_top_up_limits");
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.Object)
        {
            fields.Fail("auto_top_up_limits must be an object with day and cycle.", "auto_top_up_limits");
            return null;
        }

        return new TopUpLimits(Limit("day"), Limit("cycle"));

        decimal? Limit(string name)
        {
            if (!value.TryGetProperty(name, out var given) || given.ValueKind == JsonValueKind.Null) return null;
            if (RequestFields.TryMoney(given, out var amount) && amount is > 0 and <= 1_000_000 && amount == decimal.Round(amount, 2)) return amount;
            fields.Fail($"{name} must be a decimal string of more than 0 and at most 1000000, in whole cents.", "auto_top_up_limits", name);
            return null;
        }
    }
}
