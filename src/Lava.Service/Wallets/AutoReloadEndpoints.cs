using Lava.Core.Money;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Billing.Wallets;
using Lava.Service.Payments;
using Lava.Service.Ports.Payments;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Wallets;

/// <summary>Our own addition: <c>/v1/wallet/auto_reload</c>, by which a wallet fills itself.</summary>
internal sealed class AutoReloadEndpoints(
    ManagementApi api,
    AutoReloadStore store,
    WalletKeeper keeper,
    IPaymentProcessor processor,
    ProcessorByMode modes) : IEndpoints
{
    private const decimal LeastAmount = 10;
    private const decimal MostAmount = 10_000;

    /// <summary>Reloads of a day unless the caller says otherwise.</summary>
    private const int DefaultReloads = 5;

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "GET", "/wallet/auto_reload", async request => Show(await store.FindAsync(request.Tenant, request.Cancelled)))
            .Describe(Operation.Read("getAutoReload", "Wallet", "Show the wallet's auto-reload rule.", typeof(AutoReloadResponse)));

        api.Map(routes, "PUT", "/wallet/auto_reload", async request =>
        {
            if (!modes.Serves(request.Tenant.Mode)) return ApiError.PaymentsNotConfigured();
            var fields = request.Fields();
            var threshold = fields.Money("threshold", MostAmount, isRequired: true);
            var amount = fields.Money("amount", MostAmount, isRequired: true);
            if (amount < LeastAmount || (amount is { } exact && exact != decimal.Round(exact, 2)))
                fields.Fail($"amount must be from {LeastAmount} to {MostAmount}, in whole cents.", "amount");
            var cap = fields.Money("daily_cap", 1_000_000) ?? DefaultReloads * amount;
            if (cap < amount) fields.Fail("daily_cap must be at least the amount.", "daily_cap");
            var card = fields.Text("payment_method_id");
            if (fields.Error is { } invalid) return invalid;
            var cards = await processor.ListMethodsAsync(PaymentOwners.Merchant(request.Tenant), request.Cancelled);
            if (card is null ? !cards.Any(one => one.IsDefault) : cards.All(one => one.Id != card)) return ApiError.NotFound("payment method");
            var rule = new AutoReload(threshold!.Value, amount!.Value, cap!.Value, card);
            await store.SetAsync(request.Tenant, rule, request.Cancelled);
            await keeper.ResetAsync(request.Tenant, CancellationToken.None);
            return Show(rule);
        }).Describe(Operation.Change(
            "setAutoReload",
            "Wallet",
            "Set auto-reload: charge a card when the wallet's balance falls below a threshold, up to a daily cap.",
            typeof(AutoReloadBody),
            typeof(AutoReloadResponse)));

        api.Map(routes, "DELETE", "/wallet/auto_reload", async request =>
        {
            await store.SetAsync(request.Tenant, null, request.Cancelled);
            return Show(null);
        }).Describe(Operation.Read("deleteAutoReload", "Wallet", "Remove the auto-reload rule.", typeof(AutoReloadResponse)));
    }

    private static ApiResult Show(AutoReload? rule) => ApiResult.Ok(
        rule is null
            ? new AutoReloadResponse(false)
            : new AutoReloadResponse(true, Amount.Trimmed(rule.Threshold), Amount.Trimmed(rule.Amount), Amount.Trimmed(rule.DailyCap), rule.PaymentMethodId),
        WalletsWire.Default.AutoReloadResponse);
}
