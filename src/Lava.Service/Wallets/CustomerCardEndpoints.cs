using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Customers;
using Lava.Service.Payments;
using Lava.Service.Ports.Payments;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Wallets;

/// <summary>Our own addition: the cards of a customer, below <c>/v1/customers/{id}</c>. They are added with <c>/v1/payment_methods/setups</c>.</summary>
internal sealed class CustomerCardEndpoints(ManagementApi api, IPaymentProcessor processor, CustomerStore customers) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "GET", "/customers/{id}/payment_methods", async request =>
        {
            if (await OwnerAsync(request) is not { } owner) return ApiError.NotFound("customer");
            var methods = await processor.ListMethodsAsync(owner, request.Cancelled);
            return ApiResult.Ok(new PaymentMethodsResponse([.. methods.Select(PaymentEndpoints.Show)]), PaymentsWire.Default.PaymentMethodsResponse);
        }).Describe(Operation.Read("listCustomerPaymentMethods", "Customers", "List a customer's cards, newest first.", typeof(PaymentMethodsResponse)));

        api.Map(routes, "POST", "/customers/{id}/default_payment_method", async request =>
        {
            var fields = request.Fields();
            var cardId = fields.Text("payment_method_id", isRequired: true);
            if (fields.Error is { } invalid) return invalid;
            if (await OwnerAsync(request) is not { } owner) return ApiError.NotFound("customer");
            return await processor.SetDefaultMethodAsync(owner, cardId!, request.Cancelled) ? ApiResult.Success() : ApiError.NotFound("payment method");
        }).Describe(Operation.Change(
            "setDefaultPaymentMethod",
            "Customers",
            "Choose the card that pays a customer's renewals and top-ups.",
            typeof(DefaultCardBody),
            typeof(SuccessResponse)));

        api.Map(routes, "DELETE", "/customers/{id}/payment_methods/{payment_method_id}", async request =>
        {
            if (await OwnerAsync(request) is not { } owner) return ApiError.NotFound("customer");
            var cardId = RouteText.DecodedOf(request.Http, "payment_method_id");
            return await processor.RemoveMethodAsync(owner, cardId, request.Cancelled) ? ApiResult.Deleted(cardId) : ApiError.NotFound("payment method");
        }).Describe(Operation.Read(
            "removeCustomerPaymentMethod",
            "Customers",
            "Remove a customer's card. If it was the default, none is.",
            typeof(DeletedResponse)));
    }

    private async ValueTask<string?> OwnerAsync(ManagementRequest request) =>
        await customers.FindAsync(request.Tenant, request.Id, request.Cancelled) is { } found
            ? PaymentOwners.Customer(request.Tenant, found.Customer.Id)
            : null;
}
