using System.Globalization;
using Lava.Core.Ledger;
using Lava.Core.Money;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Clocks;
using Lava.Service.Billing.Wallets;
using Lava.Service.Pricing.Plans;
using Lava.Service.Webhooks;

namespace Lava.Service.Billing;

/// <summary>Tells the merchant that a customer's credits have changed, and once in a cycle that few are left.</summary>
public sealed class BalanceEvents(BillingBooks books, Outbox outbox, IBillingEvents events, PlanStore plans, ClockTime clocks)
{
    /// <summary>Few: a tenth of what the plan includes, or nothing.</summary>
    private const decimal LowShare = 0.1m;

    /// <summary>Tells what is to be told of a customer's balance now; safe to repeat.</summary>
    public async ValueTask TellAsync(BillingOwner owner, CancellationToken cancellationToken)
    {
        if (!await events.HasListenersAsync(owner.Tenant, cancellationToken)) return;
        if (await books.ReadAsync(owner.Tenant, owner.CustomerId, cancellationToken) is not { } state) return;
        await events.TellAsync(
            owner.Tenant,
            owner.CustomerId,
            EventNames.BalanceUpdated,
            $"{EventNames.BalanceUpdated}:{owner.CustomerId}:{state.Head.Sequence}",
            null,
            cancellationToken);
        await TellLowAsync(owner, state, cancellationToken);
        await TellUseAsync(owner, state, cancellationToken);
    }

    private async ValueTask TellUseAsync(BillingOwner owner, BillingState state, CancellationToken cancellationToken)
    {
        var included = (await plans.FindEverAsync(owner.Tenant, state.Subscription.PlanId, cancellationToken))?.IncludedCredit ?? 0;
        if (included <= 0) return;
        var used = (included - state.Head.Balance(Account.Credits)) / included * 100;
        var level = WalletKeeper.AlertLevels.LastOrDefault(part => part <= used);
        if (level == 0) return;

        // Told once for each level of a cycle, because the event's id says both.
        var name = state.Subscription.CycleName;
        var details = new Dictionary<string, string> { ["percent"] = level.ToString(CultureInfo.InvariantCulture), ["of"] = Amount.Trimmed(included) };
        await events.TellAsync(
            owner.Tenant,
            owner.CustomerId,
            EventNames.CreditsAlert,
            $"{EventNames.CreditsAlert}:{name}:{level}",
            details,
            cancellationToken);
    }

    private async ValueTask TellLowAsync(BillingOwner owner, BillingState state, CancellationToken cancellationToken)
    {
        var subscription = state.Subscription;
        var plan = await plans.FindEverAsync(owner.Tenant, subscription.PlanId, cancellationToken);
        if (subscription.LowBalanceTold == subscription.CycleName || state.Head.Balance(Account.Credits) > LowShare * (plan?.IncludedCredit ?? 0)) return;
        var changed = await books.ChangeAsync(owner, await clocks.NowAsync(owner.Tenant, owner.ClockId, cancellationToken), (_, now) =>
            now is null || now.LowBalanceTold == subscription.CycleName
                ? null
                : new BillingChange(
                    now with { LowBalanceTold = subscription.CycleName },
                    [OutboxItem.Tell(EventNames.BalanceLow, subscription.CycleName)]), cancellationToken);
        if (changed is not null) await outbox.PerformAsync(owner, cancellationToken);
    }
}
