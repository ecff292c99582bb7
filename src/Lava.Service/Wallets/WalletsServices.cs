using Lava.Service.Api.Endpoints;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Wallets;

/// <summary>Registers wallets' endpoints.</summary>
internal static class WalletsServices
{
    /// <summary>Registers the room's services and endpoints.</summary>
    public static void AddWallets(this IServiceCollection services)
    {
        services.AddEndpoints<AutoReloadEndpoints>();
        services.AddEndpoints<CardPage>();
        services.AddEndpoints<CardSetupEndpoints>();
        services.AddEndpoints<CustomerCardEndpoints>();
        services.AddEndpoints<PaymentEndpoints>();
        services.AddEndpoints<WalletEndpoints>();
    }
}
