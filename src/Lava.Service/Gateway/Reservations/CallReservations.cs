using Lava.Core.Pricing;
using Lava.Service.Gateway.Calls;
using Lava.Service.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Ledger.Leases;
using Lava.Service.Metering.Records;
using Lava.Service.Ports.Tables;

namespace Lava.Service.Gateway.Reservations;

/// <summary>What becomes of a call's reservations when its answer is whole (docs/reliability.md): they are cut to what the known usage can cost, confirmed,
/// written into the usage record, handed over to it once it is durable, and confirmed once more before the answer's end is released.</summary>
internal sealed class CallReservations(Budgets budgets, Instance instance)
{
    /// <summary>Holds what the known usage can cost instead of the most that the call could have cost. The rest is free at once, however far metering is
    /// behind.</summary>
    public void Narrow(ForwardCall call, in Usage usage, decimal cost)
    {
        call.Cost.Resize(cost);
        call.SpendKey?.Money?.Resize(cost);
        if (call.Meter is not { } meter) return;
        var isExempt = call.Kept is not null && meter.Rate.ExemptsCached;
        var customer = call.Incoming.Customer;
        var book = customer is null ? default : BookKey.Customer(call.Tenant, customer.Id);
        var charge = isExempt || customer is null ? 0 : MeterCharge.Most(meter.Rate, budgets.PositionOf(book, meter.Id), usage, cost);
        call.Charge.Resize(CallBudget.RoundUp(charge));
    }

    /// <summary>Makes sure that every budget still holds what the call takes. False where one was given to others meanwhile and has too little left.</summary>
    /// <exception cref="TableStoreException">The store failed: it is not known.</exception>
    public async ValueTask<bool> EnsureAsync(ForwardCall call)
    {
        if (call.Cost.IsGood && call.Charge.IsGood && call.SpendKey?.IsGood != false) return true;
        if (await budgets.EnsureAsync(call.Cost, CancellationToken.None) is not { } cost) return false;
        call.Cost = cost;
        if (await budgets.EnsureAsync(call.Charge, CancellationToken.None) is not { } charge) return false;
        call.Charge = charge;
        if (call.SpendKey is not { } key) return true;
        if (key.Money is { } held)
        {
            if (await budgets.EnsureAsync(held, CancellationToken.None) is not { } money) return false;
            key.HoldMoney(money);
        }

        if (key.Count is { } counted)
        {
            if (await budgets.EnsureAsync(counted, CancellationToken.None) is not { } count) return false;
            key.HoldCount(count);
        }

        return true;
    }

    /// <summary>A record with what the call holds, for metering to take off the leases.</summary>
    public UsageRecord Note(ForwardCall call, UsageRecord record)
    {
        record = record with
        {
            Instance = instance.Id,
            ReservedCost = call.Cost.Amount,
            CostHolder = Named(call.Cost),
            ReservedCharge = call.Charge.Amount,
            ChargeHolder = Named(call.Charge),
        };
        return NoteKey(call, record);
    }

    /// <summary>The record of a call that failed: it takes nothing but its count of a spend key.</summary>
    public UsageRecord NoteFailed(ForwardCall call, UsageRecord record) => NoteKey(call, record with { Instance = instance.Id });

    /// <summary>The record is durable.</summary>
    public static void Settle(ForwardCall call)
    {
        call.Cost.Settle();
        call.Charge.Settle();
        call.SpendKey?.Settle();
    }

    /// <summary>It is not known whether the record became durable: nothing that it carries is free again until that is known.</summary>
    public static void Doubt(ForwardCall call)
    {
        call.Cost.Doubt();
        call.Charge.Doubt();
        call.SpendKey?.Money?.Doubt();
        call.SpendKey?.Count?.Doubt();
    }

    /// <summary>Whether the leases outlasted the time in which the record became durable: then a fence, which frees them, is behind it.</summary>
    /// <exception cref="TableStoreException">The store failed: it is not known.</exception>
    public async ValueTask<bool> ConfirmAsync(ForwardCall call) =>
        await budgets.ConfirmAsync(call.Cost, CancellationToken.None)
        && await budgets.ConfirmAsync(call.Charge, CancellationToken.None)
        && (call.SpendKey?.Money is not { } money || await budgets.ConfirmAsync(money, CancellationToken.None))
        && (call.SpendKey?.Count is not { } count || await budgets.ConfirmAsync(count, CancellationToken.None));

    private UsageRecord NoteKey(ForwardCall call, UsageRecord record) => call.SpendKey is not { } key
        ? record
        : key.Note(record) with { SpendHolder = record.IsError ? null : Named(key.Money), RequestHolder = Named(key.Count) };

    private string? Named(Reservation? reservation) => reservation?.Holder is { } holder && holder != instance.Id ? holder : null;
}
