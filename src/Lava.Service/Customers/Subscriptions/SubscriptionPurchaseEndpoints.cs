using Lava.Core.Billing;
using Lava.Core.Money;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Input;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Subscriptions;
using Lava.Service.Ports.Payments;
using Lava.Service.Pricing.Plans;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Customers.Subscriptions;

/// <summary>What a customer's card pays for without a checkout: an overdue renewal, another plan, credits. All three may have to be confirmed at the customer's
/// bank.</summary>
internal sealed class SubscriptionPurchaseEndpoints(
    ManagementApi api,
    PlanStore plans,
    SubscriptionService service,
    CustomerBilling billing,
    SubscriptionList list) : IEndpoints
{
    /// <summary>Far more than anything costs.</summary>
    private const decimal MaxAmount = 1_000_000_000;

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "POST", "/subscriptions/{id}/pay", async request =>
        {
            var fields = request.Fields();
            var purchase = ReadPurchase(request, fields);
            if (fields.Error is { } invalid) return invalid;
            if (await billing.FindOwnerAsync(request.Tenant, request.Id, request.Cancelled) is not { } owner) return ApiError.NotFound("subscription");
            return await ShowAsync(request, owner, await service.PayAsync(owner, request.Id, purchase, request.Cancelled), null);
        }).Describe(Operation.Change(
            "paySubscription",
            "Subscriptions",
            "Pay the overdue amount of a failed renewal at once.",
            typeof(PaySubscriptionBody),
            typeof(PaidSubscriptionResponse)));

        api.Map(routes, "POST", "/subscriptions/{id}/plan", async request =>
        {
            var fields = request.Fields();
            var planId = fields.Text("plan_id", isRequired: true);
            var shown = fields.Money("expected_amount", MaxAmount);
            var purchase = ReadPurchase(request, fields);
            if (fields.Error is { } invalid) return invalid;
            if (await billing.FindOwnerAsync(request.Tenant, request.Id, request.Cancelled) is not { } owner) return ApiError.NotFound("subscription");
            if ((await plans.FindAsync(request.Tenant, planId!, request.Cancelled))?.Plan is not { } plan) return ApiError.NotFound("plan");
            if (IsOther(shown, plan.PeriodAmount) is { } changed) return changed;
            return await ShowAsync(request, owner, await service.SubscribeAsync(owner, plan, purchase, request.Cancelled), plan.Id);
        }).Describe(Operation.Change(
            "setSubscriptionPlan",
            "Subscriptions",
            "Change a customer's plan: to a more expensive one at once, against payment; to a cheaper one when the cycle ends.",
            typeof(ChangePlanBody),
            typeof(PaidSubscriptionResponse)));

        api.Map(routes, "POST", "/subscriptions/{id}/credit_bundles", async request =>
        {
            var fields = request.Fields();
            var bundleId = fields.Text("credit_bundle_id", isRequired: true);
            var shown = fields.Money("expected_amount", MaxAmount);
            var purchase = ReadPurchase(request, fields);
            if (fields.Error is { } invalid) return invalid;
            if (await billing.FindOwnerAsync(request.Tenant, request.Id, request.Cancelled) is not { } owner) return ApiError.NotFound("subscription");
            if (await plans.FindBundleAsync(request.Tenant, bundleId!, request.Cancelled) is not { } bundle) return ApiError.NotFound("credit bundle");
            if (IsOther(shown, bundle.Cost) is { } changed) return changed;
            return await ShowAsync(request, owner, await service.BuyBundleAsync(owner, bundle, purchase, request.Cancelled), null);
        }).Describe(Operation.Change(
            "addSubscriptionCredits",
            "Subscriptions",
            "Buy a credit bundle of the customer's plan with the customer's card.",
            typeof(BuyCreditsBody),
            typeof(PaidSubscriptionResponse)));
    }

    private static Purchase ReadPurchase(ManagementRequest request, RequestFields fields) =>
        new(fields.Text("payment_method_id"), fields.Address("return_url"), SubscriptionId: request.Id);

    // Whoever says what the customer was shown charges no other price. Cards are charged whole cents.
    private static ApiError? IsOther(decimal? shown, decimal price) =>
        shown is { } amount && Lifecycle.RoundUp(amount) != Lifecycle.RoundUp(price) ? ApiError.PriceChanged(Amount.Trimmed(Lifecycle.RoundUp(price))) : null;

    private async ValueTask<ApiResult> ShowAsync(ManagementRequest request, BillingOwner owner, SubscribeResult result, string? planId)
    {
        if (result.Error is not null) return result.Error;
        if (result.Payment is { Status: PaymentStatus.Failed } declined) return ApiError.PaymentDeclined(declined);
        var action = result.Payment?.ActionUrl is { } url ? new Uri(ServerAddress.Of(request.Http.Request), url) : null;
        var shown = (await list.ShowAsync(request.Tenant, owner.CustomerId, request.Cancelled))!;
        var isPlanned = planId is not null && shown.PendingChange?.PlanId == planId;
        return ApiResult.Ok(
            new PaidSubscriptionResponse(action is not null ? "requires_action" : isPlanned ? "scheduled" : "completed", result.Payment?.Id, action, shown),
            SubscriptionsJson.Default.PaidSubscriptionResponse);
    }
}
