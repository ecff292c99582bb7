using System.Text.Json;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Input;
using Lava.Service.Billing.Books;
using Lava.Service.Payments;
using Lava.Service.Pricing.Plans;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Customers.Checkout;

/// <summary><c>/v1/checkout_sessions</c> (rest-api.md §4); reading one is our own addition.</summary>
internal sealed class CheckoutEndpoints(
    ManagementApi api,
    CheckoutStore store,
    CheckoutFlow flow,
    CustomerStore customers,
    PlanStore plans,
    CustomerBilling billing,
    BillingBooks books,
    ProcessorByMode modes,
    TimeProvider time) : IEndpoints
{
    private const string SubscriptionMode = "subscription";
    private const string BundleMode = "credit_bundle";

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "POST", "/checkout_sessions", async request =>
        {
            if (!modes.Serves(request.Tenant.Mode)) return ApiError.PaymentsNotConfigured();
            var fields = request.Fields();
            var isBundle = fields.Word("checkout_mode", [SubscriptionMode, BundleMode], isRequired: true) == BundleMode;
            var origin = ReadOrigin(fields);
            var hasMode = fields.Error is null;
            var customerId = fields.Text("customer_id", isRequired: hasMode && isBundle);
            var planId = isBundle ? null : fields.Text("plan_id", isRequired: hasMode);
            var bundleId = isBundle ? fields.Text("credit_bundle_id", isRequired: true) : null;
            if (fields.Error is { } invalid) return invalid;

            var customer = customerId is null ? null : (await customers.FindAsync(request.Tenant, customerId, request.Cancelled))?.Customer;
            if (customerId is not null && customer is null) return ApiError.NotFound("customer");
            CheckoutOffer offer;
            if (isBundle)
            {
                if (await plans.FindBundleAsync(request.Tenant, bundleId!, request.Cancelled) is not { } bundle) return ApiError.NotFound("credit bundle");
                await billing.OpenAsync(request.Tenant, customer!, request.Cancelled);
                var subscription = (await books.ReadAsync(request.Tenant, customer!.Id, request.Cancelled))?.Subscription;
                if (subscription is not { CancelledAt: null }) return ApiError.NoActiveSubscription();
                if (subscription.PlanId != bundle.PlanId) return ApiError.BundleNotInPlan();
                if (subscription.PastDue is not null) return ApiError.SubscriptionPastDue();
                offer = new CheckoutOffer(null, bundle);
            }
            else
            {
                if (await plans.FindAsync(request.Tenant, planId!, request.Cancelled) is not { } plan) return ApiError.NotFound("plan");
                if (plan.Plan.IsFree) return ApiError.Validation(Issue.At("plan_id", "A free plan needs no checkout; assign it with POST /v1/subscriptions."));
                offer = new CheckoutOffer(plan.Plan, null);
            }

            var now = time.GetUtcNow();
            var session = new CheckoutSession
            {
                Id = Id.Create(CheckoutStore.Prefix, request.Tenant.Mode, now),
                MerchantId = request.Tenant.MerchantId,
                IsLive = request.Tenant.Mode == Mode.Live,
                OriginUrl = origin!,
                PlanId = planId,
                BundleId = bundleId,
                CustomerId = customer?.Id,
                Terms = offer.Terms,
                CreatedAt = now,
            };
            var secret = await store.AddAsync(session, request.Cancelled);
            var token = JsonSerializer.SerializeToUtf8Bytes(
                new CheckoutToken(secret, ServerAddress.Of(request.Http.Request).AbsoluteUri),
                CheckoutJson.Default.CheckoutToken);
            return ApiResult.Created(Show(session, Convert.ToBase64String(token)), CheckoutWire.Default.CheckoutSessionResponse);
        }).Describe(Operation.Created(
            "createCheckoutSession",
            "Checkout",
            "Create a checkout session for a plan or a credit bundle. The checkout SDK opens its token.",
            typeof(CreateCheckoutBody),
            typeof(CheckoutSessionResponse)));

        api.Map(routes, "GET", "/checkout_sessions/{id}", async request =>
        {
            if (await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is not { } found) return ApiError.NotFound("checkout session");
            return ApiResult.Ok(Show((await flow.ShowAsync(found.Session, request.Cancelled)).Session, null), CheckoutWire.Default.CheckoutSessionResponse);
        }).Describe(Operation.Read(
            "getCheckoutSession",
            "Checkout",
            "Show whether a checkout is complete, and for which customer.",
            typeof(CheckoutSessionResponse)));
    }

    private static string? ReadOrigin(RequestFields fields)
    {
        var text = fields.Text("origin_url", 2048, isRequired: true);
        if (text is null) return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address)
            || address.Scheme is not ("https" or "http")
            || address.Host.Length == 0
            || address.UserInfo.Length > 0)
            fields.Fail("origin_url must be the address of the page that opens the checkout, such as https://shop.example.", "origin_url");
        return text;
    }

    private static CheckoutSessionResponse Show(CheckoutSession session, string? token) => new(
        session.Id,
        token,
        session.PlanId is null ? BundleMode : SubscriptionMode,
        session.OriginUrl,
        session.CompletedAt is null ? null : session.CustomerId,
        session.PlanId,
        session.CreatedAt,
        session.CompletedAt);
}
