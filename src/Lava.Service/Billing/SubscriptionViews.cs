using Lava.Core.Billing;
using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Core.Money;
using Lava.Service.Plans;

namespace Lava.Service.Billing;

/// <summary>Shows subscriptions (rest-api.md §2.2).</summary>
public sealed class SubscriptionViews(PlanStore plans)
{
    /// <summary>A customer's current subscription.</summary>
    public ValueTask<SubscriptionResponse> ShowAsync(Tenant tenant, BillingState state, CancellationToken cancellationToken)
    {
        var head = state.Head;
        var credits = new SubscriptionCredits(
            Amount.Trimmed(head.Balance(Account.Credits)), Amount.Trimmed(Credits.OfCycle(head)), Amount.Trimmed(Credits.OfBundles(head)));
        return ShowAsync(tenant, state.Subscription, credits, cancellationToken);
    }

    /// <summary>A subscription that has ended: nothing is left of it.</summary>
    public ValueTask<SubscriptionResponse> ShowEndedAsync(Tenant tenant, Subscription subscription, CancellationToken cancellationToken) =>
        ShowAsync(tenant, subscription, new SubscriptionCredits("0.00", "0.00", "0.00"), cancellationToken);

    private async ValueTask<SubscriptionResponse> ShowAsync(Tenant tenant, Subscription subscription, SubscriptionCredits credits, CancellationToken cancellationToken)
    {
        var plan = await plans.FindEverAsync(tenant, subscription.PlanId, cancellationToken) ?? throw new InvalidOperationException("A subscription's plan does not exist.");
        return new SubscriptionResponse(
            subscription.Id,
            subscription.PlanId,
            subscription.CancelledAt is null ? "active" : "cancelled",
            // A bundle that the plan has no longer is bought no more.
            plan.Bundles.Any(bundle => bundle.Id == subscription.TopUpBundleId) ? subscription.TopUpBundleId : null,
            subscription.StartedAt,
            subscription.CancelledAt,
            subscription.CycleStart,
            subscription.CycleEnd,
            new SubscriptionPlan(
                plan.Name, Amount.Trimmed(plan.PeriodAmount), Amount.Trimmed(plan.IncludedCredit), PlanWords.Of(plan.Interval), PlanWords.Rollover(plan.RollsOver), PlanWords.Rollover(plan.BundlesRollOver)),
            credits,
            await ShowAsync(tenant, subscription, cancellationToken));
    }

    private async ValueTask<SubscriptionChange?> ShowAsync(Tenant tenant, Subscription subscription, CancellationToken cancellationToken)
    {
        if (subscription.Pending is not { } pending) return null;
        if (pending.PlanId is not { } planId) return new SubscriptionChange("cancellation", subscription.CycleEnd);
        var plan = await plans.FindEverAsync(tenant, planId, cancellationToken);
        return new SubscriptionChange(
            "downgrade", subscription.CycleEnd, planId, plan?.Name, plan is null ? null : Amount.Trimmed(plan.PeriodAmount), plan is null ? null : Amount.Trimmed(plan.IncludedCredit));
    }
}
