using Lava.Console.Serving;
using Lava.Service.Api.Endpoints;
using Microsoft.AspNetCore.Routing;

namespace Lava.Console.Pages.Invoices;

/// <summary>Invoices as pages to print and as PDF: the merchant's to its customers, and its own for what it paid into the wallet.</summary>
internal sealed class InvoiceFiles(ConsoleRoutes pages, ConsoleApi api) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "/invoices", "customers");
        Map(routes, "/wallet/invoices", "wallet");
    }

    private void Map(IEndpointRouteBuilder routes, string path, string section)
    {
        pages.File(routes, path + "/{id}", "Invoice", section, visit => WriteAsync(visit, path, "html"));
        pages.File(routes, path + "/{id}/pdf", "Invoice", section, visit => WriteAsync(visit, path, "pdf"));
    }

    private async Task WriteAsync(CurrentVisit visit, string path, string form)
    {
        if (await api.WriteDocumentAsync(visit, $"{path}/{Uri.EscapeDataString(visit.Id)}/{form}") is not { } error) return;
        await pages.FailAsync(visit, error.Status, "There is no such invoice", "It may belong to the other mode.");
    }
}
