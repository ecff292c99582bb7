using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Lists;
using Lava.Service.Customers;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Reporting.LedgerEntries;

/// <summary>Our own additions: <c>/v1/customers/{id}/credits</c>, the credits that are left by lot, and <c>/v1/customers/{id}/payments</c>. A deleted customer,
/// by its id, has both too.</summary>
internal sealed class CustomerMoneyEndpoints(ManagementApi api, CustomerStore customers, CustomerMoney money) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "GET", "/customers/{id}/credits", async request =>
        {
            if (ListQuery.TryRead(request.Query, out var page) is { } invalid) return invalid;
            if (await FindAsync(request) is not { } customer) return ApiError.NotFound("customer");
            return await money.ListLotsAsync(request.Tenant, customer.Id, page, request.Cancelled) is { } lots
                ? ApiResult.Ok(lots, LedgerWire.Default.ListResponseCreditLotResponse)
                : ListQuery.UnknownCursor();
        }).Describe(Operation.List(
            "listCustomerCredits",
            "Customers",
            "List a customer's remaining credits by lot, in the order in which they are spent.",
            typeof(ListResponse<CreditLotResponse>)));

        api.Map(routes, "GET", "/customers/{id}/payments", async request =>
        {
            if (ListQuery.TryRead(request.Query, out var page) is { } invalid) return invalid;
            if (await FindAsync(request) is not { } customer) return ApiError.NotFound("customer");
            return await money.ListPaymentsAsync(request.Tenant, customer.Id, page, request.Cancelled) is { } payments
                ? ApiResult.Ok(payments, LedgerWire.Default.ListResponseCustomerPaymentResponse)
                : ListQuery.UnknownCursor();
        }).Describe(Operation.List(
            "listCustomerPayments",
            "Customers",
            "List a customer's card payments, newest first.",
            typeof(ListResponse<CustomerPaymentResponse>)));
    }

    private async ValueTask<Customer?> FindAsync(ManagementRequest request) =>
        (await customers.FindAsync(request.Tenant, request.Id, request.Cancelled))?.Customer
            ?? await customers.FindEverAsync(request.Tenant, request.Id, request.Cancelled);
}
