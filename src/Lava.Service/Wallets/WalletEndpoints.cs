using Lava.Core.Money;
using Lava.Service.Accounts.Merchants;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Ledger;
using Lava.Service.Metering.Booking;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Wallets;

/// <summary><c>/v1/wallet</c> (rest-api.md §16.1).</summary>
internal sealed class WalletEndpoints(ManagementApi api, MerchantStore merchants, Funds funds, Settling settling) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "GET", "/wallet", async request =>
        {
            if (await settling.WaitAsync(request) is { } invalid) return invalid;
            var merchant = await merchants.GetAsync(request.Tenant.MerchantId, request.Cancelled);
            var balance = await funds.WalletBalanceAsync(request.Tenant, request.Cancelled);
            return ApiResult.Ok(new WalletResponse(merchant.WalletId(request.Tenant.Mode), Amount.Trimmed(balance)), WalletsWire.Default.WalletResponse);
        }).Describe(Operation.Read("getWallet", "Wallet", "Show the wallet's balance.", typeof(WalletResponse)) with { Query = ["settled"] });
    }
}
