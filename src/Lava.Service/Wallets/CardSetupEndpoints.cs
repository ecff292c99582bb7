using Lava.Core.Keys;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Billing;
using Lava.Service.Customers;
using Lava.Service.Payments;
using Lava.Service.Ports.Payments;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Wallets;

/// <summary>Our own addition: <c>/v1/payment_methods/setups</c>. The merchant, or a customer, gives a card on the processor's own page.</summary>
internal sealed class CardSetupEndpoints(
    ManagementApi api,
    IPaymentProcessor processor,
    ProcessorByMode modes,
    CustomerStore customers,
    CardTriggers cards) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "POST", "/payment_methods/setups", async request =>
        {
            if (!modes.Serves(request.Tenant.Mode)) return ApiError.PaymentsNotConfigured();
            var fields = request.Fields();
            var address = fields.Address("return_url", isRequired: true);
            var customerId = fields.Text("customer_id");
            if (fields.Error is { } invalid) return invalid;
            if (await OwnerAsync(request.Tenant, customerId, request.Cancelled) is not { } owner) return ApiError.NotFound("customer");
            var setup = await processor.CreateSetupAsync(owner, address!, request.Cancelled);
            return ApiResult.Created(Show(setup, request.Http.Request), WalletsWire.Default.CardSetupResponse);
        }).Describe(Operation.Created(
            "createCardSetup",
            "Wallet",
            "Start adding a card for the merchant or a customer on the payment processor's own page.",
            typeof(CardSetupBody),
            typeof(CardSetupResponse)));

        api.Map(routes, "GET", "/payment_methods/setups/{id}", async request =>
        {
            var customerId = request.Http.Request.Query["customer_id"] is [{ Length: > 0 } named, ..] ? named : null;
            if (await OwnerAsync(request.Tenant, customerId, request.Cancelled) is not { } owner) return ApiError.NotFound("customer");
            if (await processor.FindSetupAsync(owner, request.Id, request.Cancelled) is not { } setup) return ApiError.NotFound("setup");
            if (setup.Method is { } given) await cards.GivenAsync(owner, given.Id, request.Cancelled);
            return ApiResult.Ok(Show(setup, request.Http.Request), WalletsWire.Default.CardSetupResponse);
        }).Describe(Operation.Read(
            "getCardSetup",
            "Wallet",
            "Show the status of a card setup.",
            typeof(CardSetupResponse)) with { Query = ["customer_id"] });

        async ValueTask<string?> OwnerAsync(Tenant tenant, string? customerId, CancellationToken cancellationToken)
        {
            if (customerId is null) return PaymentOwners.Merchant(tenant);
            return await customers.FindAsync(tenant, customerId, cancellationToken) is { } found ? PaymentOwners.Customer(tenant, found.Customer.Id) : null;
        }
    }

    private static CardSetupResponse Show(CardSetup setup, HttpRequest request) => new(
        setup.Id,
        setup.Status switch { CardSetupStatus.Waiting => "waiting", CardSetupStatus.Complete => "complete", _ => "given_up" },
        setup.PageUrl is { } page ? new Uri(ServerAddress.Of(request), page) : null,
        setup.Method is { } method ? PaymentEndpoints.Show(method) : null);
}
