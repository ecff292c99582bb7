using Lava.Core.Keys;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Billing.Subscriptions;
using Lava.Service.Customers;
using Lava.Service.Customers.Subscriptions;
using Lava.Service.Ports.Payments;
using Lava.Service.Pricing.Plans;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.TestHelpers;

/// <summary><c>/v1/test_helpers/subscriptions</c> and <c>/v1/test_helpers/credit_bundles</c>, our own additions for test mode: what a completed checkout does,
/// without its page. The customer's test card pays.</summary>
internal sealed class CheckoutHelperEndpoints(
    ManagementApi api,
    CustomerStore customers,
    PlanStore plans,
    CustomerBilling billing,
    SubscriptionService service,
    SubscriptionList list) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "POST", "/test_helpers/subscriptions", async request =>
        {
            if (request.Tenant.Mode != Mode.Test) return ApiError.TestModeOnly();
            var fields = request.Fields();
            var customerId = fields.Text("customer_id", isRequired: true);
            var planId = fields.Text("plan_id", isRequired: true);
            if (fields.Error is { } invalid) return invalid;
            if (await customers.FindAsync(request.Tenant, customerId!, request.Cancelled) is not { } customer) return ApiError.NotFound("customer");
            if (await plans.FindAsync(request.Tenant, planId!, request.Cancelled) is not { } plan) return ApiError.NotFound("plan");
            if (plan.Plan.IsFree) return ApiError.Validation(Issue.At("plan_id", "A free plan needs no checkout; assign it with POST /v1/subscriptions."));
            var owner = await billing.OpenAsync(request.Tenant, customer.Customer, request.Cancelled);
            return await AnswerAsync(request, list, customer.Customer.Id, await service.SubscribeAsync(owner, plan.Plan, new Purchase(), request.Cancelled));
        }).Describe(Operation.Created(
            "completeTestSubscription",
            "Testing",
            "Complete a checkout of a plan without a page.",
            typeof(CreateSubscriptionBody),
            typeof(CreatedSubscriptionResponse)));

        api.Map(routes, "POST", "/test_helpers/credit_bundles", async request =>
        {
            if (request.Tenant.Mode != Mode.Test) return ApiError.TestModeOnly();
            var fields = request.Fields();
            var customerId = fields.Text("customer_id", isRequired: true);
            var bundleId = fields.Text("credit_bundle_id", isRequired: true);
            if (fields.Error is { } invalid) return invalid;
            if (await customers.FindAsync(request.Tenant, customerId!, request.Cancelled) is not { } customer) return ApiError.NotFound("customer");
            if (await plans.FindBundleAsync(request.Tenant, bundleId!, request.Cancelled) is not { } bundle) return ApiError.NotFound("credit bundle");
            var owner = await billing.OpenAsync(request.Tenant, customer.Customer, request.Cancelled);
            return await AnswerAsync(request, list, customer.Customer.Id, await service.BuyBundleAsync(owner, bundle, new Purchase(), request.Cancelled));
        }).Describe(Operation.Created(
            "completeTestBundle",
            "Testing",
            "Complete a checkout of a credit bundle without a page.",
            typeof(TestBundleBody),
            typeof(CreatedSubscriptionResponse)));
    }

    private static async ValueTask<ApiResult> AnswerAsync(ManagementRequest request, SubscriptionList list, string customerId, SubscribeResult result)
    {
        if (result.Error is not null) return result.Error;
        if (result.Payment is { Status: not PaymentStatus.Succeeded } payment) return ApiError.PaymentDeclined(payment);
        return ApiResult.Created(
            new CreatedSubscriptionResponse((await list.ShowAsync(request.Tenant, customerId, request.Cancelled))!),
            SubscriptionsJson.Default.CreatedSubscriptionResponse);
    }
}
