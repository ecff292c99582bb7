using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Lists;
using Lava.Service.Customers;
using Lava.Service.Invoices.Documents;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Invoices;

/// <summary>Our own addition: <c>/v1/invoices</c>, what the merchant has made out to its customers, and <c>/v1/wallet/invoices</c>, what the operator has made
/// out to the merchant. Each as JSON, as a page and as PDF.</summary>
internal sealed class InvoiceEndpoints(ManagementApi api, InvoiceStore store, CustomerStore customers) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "GET", "/invoices", async request =>
        {
            if (ListQuery.TryRead(request.Query, out var page) is { } invalid) return invalid;
            string? owner = null;
            if (request.Query["customer_id"].ToString() is { Length: > 0 } given)
            {
                owner = (await customers.FindAsync(request.Tenant, given, request.Cancelled))?.Customer.Id
                    ?? (await customers.FindEverAsync(request.Tenant, given, request.Cancelled))?.Id;
                if (owner is null) return Show([], page);
            }

            return await store.ListAsync(request.Tenant.Partition, request.Tenant.Mode, owner, page, request.Cancelled) is { } found
                ? Show(found, page)
                : ListQuery.UnknownCursor();
        }).Describe(Operation.List(
            "listInvoices",
            "Invoices",
            "List the invoices and credit notes of all customers or of one, newest first.",
            typeof(ListResponse<InvoiceResponse>),
            "customer_id"));

        api.Map(routes, "GET", "/wallet/invoices", async request =>
        {
            if (ListQuery.TryRead(request.Query, out var page) is { } invalid) return invalid;
            var (tenant, issuer) = (request.Tenant, InvoiceDetailsStore.OperatorSeries(request.Tenant.Mode));
            return await store.ListAsync(issuer, tenant.Mode, tenant.Partition, page, request.Cancelled) is { } found
                ? Show(found, page)
                : ListQuery.UnknownCursor();
        }).Describe(Operation.List(
            "listWalletInvoices",
            "Wallet",
            "List the invoices and credit notes for what was paid into the wallet, newest first.",
            typeof(ListResponse<InvoiceResponse>)));

        Documents("/invoices", "Invoice", "Invoices", "an invoice or a credit note", request => FindAsync(request.Tenant.Partition, request));
        Documents("/wallet/invoices", "WalletInvoice", "Wallet", "an invoice or a credit note of the wallet", async request =>
            await FindAsync(InvoiceDetailsStore.OperatorSeries(request.Tenant.Mode), request) is { } found && found.Owner == request.Tenant.Partition
                ? found
                : null);

        void Documents(string path, string name, string tag, string words, Func<ManagementRequest, ValueTask<Invoice?>> find)
        {
            api.Map(routes, "GET", path + "/{id}", async request => await find(request) is { } found
                    ? InvoiceForm.Write(found, InvoiceForm.Asked(request.Http.Request))
                    : ApiError.NotFound("invoice"))
                .Describe(Operation.Read(
                    "get" + name, tag, $"Show {words}. With Accept: text/html as a page, with application/pdf as PDF.", typeof(InvoiceResponse)));
            api.Map(routes, "GET", path + "/{id}/pdf", async request =>
                    await find(request) is { } found ? InvoiceForm.Write(found, InvoiceForm.Pdf) : ApiError.NotFound("invoice"))
                .Describe(Operation.Document($"get{name}Pdf", tag, $"Download {words} as PDF."));
            api.Map(routes, "GET", path + "/{id}/html", async request =>
                    await find(request) is { } found ? InvoiceForm.Write(found, InvoiceForm.Html) : ApiError.NotFound("invoice"))
                .Describe(Operation.Document($"get{name}Page", tag, $"Show {words} as a page to print."));
        }

        ValueTask<Invoice?> FindAsync(string issuer, ManagementRequest request) =>
            store.FindAsync(issuer, request.Tenant.Mode, request.Id, request.Cancelled);

        static ApiResult Show(IReadOnlyList<Invoice> found, ListQuery page) => ApiResult.Ok(
            Paging.Of<InvoiceResponse>([.. found.Select(InvoiceResponse.Of)], page.Limit, invoice => invoice.InvoiceId),
            InvoicesWire.Default.ListResponseInvoiceResponse);
    }
}
