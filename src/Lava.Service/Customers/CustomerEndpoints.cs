using Lava.Core.Ids;
using Lava.Service.Accounts.Merchants;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Lists;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Clocks;
using Lava.Service.Billing.Subscriptions;
using Lava.Service.Metering.Booking;
using Lava.Service.Ports.Tables;
using Lava.Service.Webhooks;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Customers;

/// <summary><c>/v1/customers</c> (rest-api.md §5).</summary>
internal sealed class CustomerEndpoints(
    ManagementApi api,
    CustomerStore store,
    MerchantStore merchants,
    CustomerBilling billing,
    SubscriptionService subscriptions,
    TestClockStore clocks,
    IBillingEvents events,
    CustomerViews views,
    Settling settling,
    TimeProvider time) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "POST", "/customers", async request =>
        {
            var merchant = await merchants.GetAsync(request.Tenant.MerchantId, request.Cancelled);
            var fields = request.Fields();
            var clockId = fields.Text("test_clock_id");
            var clock = clockId is null ? null : (await clocks.FindAsync(request.Tenant, clockId, request.Cancelled))?.Clock;
            if (clockId is not null && clock is null) fields.Fail("There is no such test clock.", "test_clock_id");
            var customer = CustomerFields.Apply(fields, CustomerBilling.Draft(merchant, request.Tenant.Mode, time.GetUtcNow(), clock));
            if (fields.Error is { } invalid) return invalid;
            var (stored, isNew) = await billing.CreateAsync(request.Tenant, customer, request.Cancelled);
            var view = await views.ShowAsync(request.Tenant, stored, request.Cancelled);
            return isNew ? ApiResult.Created(view, CustomersJson.Default.CustomerResponse) : ApiResult.Ok(view, CustomersJson.Default.CustomerResponse);
        }).Describe(Operation.Created(
            "createCustomer",
            "Customers",
            "Create a customer, or return the existing one with this reference_id.",
            typeof(CreateCustomerBody),
            typeof(CustomerResponse)));

        api.Map(routes, "GET", "/customers", async request =>
        {
            if (ListQuery.TryRead(request.Query, out var page) is { } invalid) return invalid;
            IReadOnlyList<Customer>? customers;
            if (request.Query.TryGetValue("reference_id", out var reference))
                customers = await store.FindAsync(request.Tenant, reference.ToString(), request.Cancelled) is { } one && one.Customer.ReferenceId == reference
                    ? [one.Customer]
                    : [];
            else
                customers = await store.ListAsync(request.Tenant, page, request.Cancelled);
            if (customers is null) return ListQuery.UnknownCursor();
            var shown = await Task.WhenAll(customers.Select(customer => views.ShowAsync(request.Tenant, customer, request.Cancelled).AsTask()));
            return ApiResult.Ok(
                Paging.Of<CustomerResponse>(shown, page.Limit, customer => customer.CustomerId),
                CustomersJson.Default.ListResponseCustomerResponse);
        }).Describe(Operation.List("listCustomers", "Customers", "List customers.", typeof(ListResponse<CustomerResponse>), "reference_id"));

        api.Map(routes, "GET", "/customers/{id}", async request =>
            await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is { } found
                ? ApiResult.Ok(await views.ShowAsync(request.Tenant, found.Customer, request.Cancelled), CustomersJson.Default.CustomerResponse)
                : ApiError.NotFound("customer"))
            .Describe(Operation.Read("getCustomer", "Customers", "Show a customer, by id or reference_id.", typeof(CustomerResponse)));

        api.Map(routes, "GET", "/customers/{id}/subscription", async request =>
        {
            if (await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is not { } found) return ApiError.NotFound("customer");
            if (await settling.WaitAsync(request) is { } invalid) return invalid;
            return ApiResult.Ok(
                await views.ShowSubscriptionAsync(request.Tenant, found.Customer, request.Cancelled),
                CustomersJson.Default.CustomerSubscriptionResponse);
        }).Describe(Operation.Read(
            "getCustomerSubscription",
            "Customers",
            "Show a customer's subscription and remaining credits. settled=true waits up to two seconds until ended calls are booked.",
            typeof(CustomerSubscriptionResponse)) with { Query = ["settled"] });

        api.Map(routes, "PATCH", "/customers/{id}", async request =>
        {
            for (var round = 0; ; round = OptimisticRetry.Next(round))
            {
                if (await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is not { } found) return ApiError.NotFound("customer");
                var fields = request.Fields();
                var changed = CustomerFields.Apply(fields, found.Customer);
                if (fields.Error is { } invalid) return invalid;
                var (isDone, error) = await store.ReplaceAsync(request.Tenant, found.Customer, changed, found.ETag, request.Cancelled);
                if (error is not null) return error;
                if (!isDone) continue;
                await events.TellAsync(
                    request.Tenant,
                    changed.Id,
                    EventNames.CustomerUpdated,
                    $"{EventNames.CustomerUpdated}:{Ulid.Create(time.GetUtcNow())}",
                    null,
                    CancellationToken.None);
                return ApiResult.Ok(await views.ShowAsync(request.Tenant, changed, request.Cancelled), CustomersJson.Default.CustomerResponse);
            }
        }).Describe(Operation.Change(
            "updateCustomer",
            "Customers",
            "Update a customer. Missing members stay unchanged, null clears a member.",
            typeof(UpdateCustomerBody),
            typeof(CustomerResponse)));

        api.Map(routes, "DELETE", "/customers/{id}", async request =>
        {
            for (var round = 0; ; round = OptimisticRetry.Next(round))
            {
                if (await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is not { } found) return ApiError.NotFound("customer");

                // The billing first: a customer that is still there can be deleted again, an ended subscription stays ended.
                await subscriptions.CloseAsync(await billing.OpenAsync(request.Tenant, found.Customer, request.Cancelled), CancellationToken.None);
                if (await store.DeleteAsync(request.Tenant, found.Customer, found.ETag, request.Cancelled)) return ApiResult.Success();
            }
        }).Describe(Operation.Read("deleteCustomer", "Customers", "Delete a customer; the subscription ends at once.", typeof(SuccessResponse)));
    }
}
