using Lava.Core.Money;
using Lava.Service.Accounts.Merchants;
using Lava.Service.Api;
using Lava.Service.Ledger;
using Lava.Service.Metering.Booking;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Wallets;

/// <summary><c>/v1/wallet</c> (rest-api.md §16.1).</summary>
internal static class WalletEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapWallet(this IEndpointRouteBuilder routes)
    {
        var merchants = routes.ServiceProvider.GetRequiredService<MerchantStore>();
        var funds = routes.ServiceProvider.GetRequiredService<Funds>();
        var settling = routes.ServiceProvider.GetRequiredService<Settling>();
        ManagementApi.Map(routes, "GET", "/wallet", async request =>
        {
            if (await settling.WaitAsync(request) is { } invalid) return invalid;
            var merchant = await merchants.GetAsync(request.Tenant.MerchantId, request.Cancelled);
            var balance = await funds.WalletBalanceAsync(request.Tenant, request.Cancelled);
            return ApiResult.Ok(new WalletResponse(merchant.WalletId(request.Tenant.Mode), Amount.Trimmed(balance)), WalletsWire.Default.WalletResponse);
        });
    }
}
