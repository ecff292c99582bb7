using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Core.Ledger;
using Lava.Core.Pricing;
using Lava.Service.Api.Errors;
using Lava.Service.Gateway.Calls;
using Lava.Service.Ledger.Books;
using Lava.Service.Ledger.Leases;

namespace Lava.Service.Gateway.Reservations;

/// <summary>Reserves the most that a call can cost against each budget that it touches: the wallet for managed traffic, the customer's credits where they pay,
/// a spend key's limits. A spend key's limit of money bounds the provider's cost whoever pays it: its owner limits what a tool may cause, not which account
/// bears it.</summary>
internal sealed class CallBudget(Budgets budgets, SpendKeyGate spendKeys, GatewayTelemetry telemetry)
{
    /// <summary>What a call that costs nothing holds while it runs, US dollars.</summary>
    private const decimal LeastHold = 0.000001m;

    /// <summary>Reserves; a refusal leaves no money reserved.</summary>
    public async ValueTask<ApiError?> ReserveAsync(ForwardCall call, CancellationToken cancellationToken)
    {
        if (!call.IsManaged && !call.IsBilled && call.SpendKey is null) return null;

        var most = UsageEstimate.Most(call.Facts, call.Model, call.Endpoint);
        var price = call.Endpoint.RequestPrice is { } flat ? new ModelPrice { Request = flat } : call.Model?.Price;

        // A kept answer costs the provider nothing; what the meter charges for it is known only when it is read.
        var cost = price is null || call.Kept is not null ? 0 : ProviderCost.Most(price, most);

        // A read on the operator's key is free, for those who could pay.
        if (call.HidesAccount) cost = Math.Max(cost, LeastHold);
        if (call.SpendKey is not null && await spendKeys.ReserveAsync(call.SpendKey, RoundUp(cost), call.Incoming.CreatedAt, cancellationToken) is { } over)
            return telemetry.Refused(over);
        if (call.IsManaged)
        {
            var reserved = await budgets.TryReserveAsync(BookKey.Wallet(call.Tenant), Account.Wallet, RoundUp(cost), cancellationToken);
            if (reserved is null)
            {
                call.SpendKey?.ReleaseMoney();
                return telemetry.Refused(ApiError.InsufficientBalance());
            }

            call.Cost = reserved;
        }

        call.SpendKey?.Admit();
        if (!call.IsBilled || call.Meter is not { } meter || (call.Kept is not null && meter.Rate.ExemptsCached)) return null;
        var book = BookKey.Customer(call.Tenant, call.Incoming.Customer!.Id);
        var position = budgets.PositionOf(book, meter.Id);
        var charge = RoundUp(MeterCharge.Most(meter.Rate, position, most, cost));
        var credits = await budgets.TryReserveAsync(book, Account.Credits, charge, cancellationToken);
        if (credits is null)
        {
            call.Cost.Release();
            call.Cost = Reservation.None;
            return telemetry.Refused(ApiError.InsufficientCredits());
        }

        call.Charge = credits;
        return null;
    }

    /// <summary>An amount as money, never less than it is.</summary>
    internal static decimal RoundUp(decimal amount)
    {
        var rounded = Bookkeeping.Round(amount);
        return rounded < amount ? rounded + 0.000000000001m : rounded;
    }
}
