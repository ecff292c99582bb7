using Lava.Service.Admin;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Input;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Invoices;

/// <summary>Our own addition: <c>/v1/invoice_details</c>, what a merchant's invoices say of it, and <c>/v1/admin/invoice_details</c>, the same of the
/// operator, who invoices merchants for what they pay into their wallets.</summary>
internal sealed class InvoiceDetailsEndpoints(ManagementApi api, AdminApi admin, AdminLog log, InvoiceDetailsStore store) : IEndpoints
{
    private const int MaxBody = 16 * 1024;
    private const string AdminPath = "/v1/admin/invoice_details";

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "GET", "/invoice_details", async request => Show(await store.FindAsync(request.Tenant.Partition, request.Cancelled)))
            .Describe(Operation.Read("getInvoiceDetails", "Account", "Show what invoices say of the merchant.", typeof(InvoiceDetailsResponse)));

        api.Map(routes, "PUT", "/invoice_details", async request =>
        {
            var fields = request.Fields();
            var details = InvoiceDetailsFields.Read(fields);
            if (fields.Error is { } invalid) return invalid;
            await store.SetAsync(request.Tenant.Partition, details, request.Cancelled);
            return Show(details);
        }).Describe(Operation.Change(
            "setInvoiceDetails",
            "Account",
            "Set what invoices say of the merchant: name, address, tax, number prefix, footer. Missing members are cleared.",
            typeof(InvoiceDetailsBody),
            typeof(InvoiceDetailsResponse)));

        admin.Map(routes, "GET", AdminPath, async http => Show(await store.FindAsync(InvoiceDetailsStore.Operator, http.RequestAborted)))
            .Describe(Operation.Read(
                "getOperatorInvoiceDetails",
                Operation.OperatorTag,
                "Show what invoices to merchants say of the operator.",
                typeof(InvoiceDetailsResponse)));

        admin.Map(routes, "PUT", AdminPath, async http =>
        {
            var (json, error) = await RequestJson.ReadBodyAsync(http, MaxBody);
            if (error is not null) return error;
            var fields = new RequestFields(json);
            var details = InvoiceDetailsFields.Read(fields);
            if (fields.Error is { } invalid) return invalid;
            await store.SetAsync(InvoiceDetailsStore.Operator, details, http.RequestAborted);
            await log.AddAsync("invoice_details.updated", InvoiceDetailsStore.Operator, AdminApi.AddressOf(http), CancellationToken.None);
            return Show(details);
        }).Describe(Operation.Change(
            "setOperatorInvoiceDetails",
            Operation.OperatorTag,
            "Set what invoices to merchants say of the operator. Missing members are cleared.",
            typeof(InvoiceDetailsBody),
            typeof(InvoiceDetailsResponse)));

        static ApiResult Show(InvoiceDetails details) =>
            ApiResult.Ok(InvoiceDetailsResponse.Of(details), InvoicesWire.Default.InvoiceDetailsResponse);
    }
}
