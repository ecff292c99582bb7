using Lava.Service.Api.Endpoints;
using Lava.Service.Billing.Books;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Invoices;

/// <summary>Registers invoices.</summary>
internal static class InvoicesServices
{
    /// <summary>Registers the room's services and endpoints.</summary>
    public static void AddInvoices(this IServiceCollection services)
    {
        services.AddSingleton<InvoiceStore>();
        services.AddSingleton<InvoiceDetailsStore>();
        services.AddSingleton<IInvoicing, Invoicing>();
        services.AddEndpoints<InvoiceEndpoints>();
        services.AddEndpoints<InvoiceDetailsEndpoints>();
    }
}
