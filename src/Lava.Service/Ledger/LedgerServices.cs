using Lava.Service.Ledger.Books;
using Lava.Service.Ledger.Leases;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Ledger;

/// <summary>Registers the ledger.</summary>
internal static class LedgerServices
{
    /// <summary>Registers the room's services.</summary>
    public static void AddLedger(this IServiceCollection services)
    {
        services.AddSingleton<Instance>();
        services.AddSingleton<BookStore>();
        services.AddSingleton<Budgets>();
        services.AddSingleton<Funds>();
    }
}
