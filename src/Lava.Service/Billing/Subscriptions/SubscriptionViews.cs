using Lava.Core.Billing;
using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Core.Money;
using Lava.Service.Billing.Books;
using Lava.Service.Pricing.Plans;

namespace Lava.Service.Billing.Subscriptions;

/// <summary>Shows subscriptions (rest-api.md §2.2).</summary>
internal sealed class SubscriptionViews(PlanStore plans)
{
    /// <summary>A customer's current subscription.</summary>
    public ValueTask<SubscriptionResponse> ShowAsync(Tenant tenant, BillingState state, CancellationToken cancellationToken)
    {
        var head = state.Head;
        var (cycle, bundles) = (Credits.OfCycle(head), Credits.OfBundles(head));

        // While a renewal is not paid nothing can be spent (behaviour.md §6.3, 7); what is owed is still shown.
        if (state.Subscription.PastDue is not null) (cycle, bundles) = (Math.Min(0, cycle + bundles), 0);
        var credits = new SubscriptionCredits(Amount.Trimmed(cycle + bundles), Amount.Trimmed(cycle), Amount.Trimmed(bundles));
        return ShowAsync(tenant, state.Subscription, credits, cancellationToken);
    }

    /// <summary>A subscription that has ended: nothing is left of it.</summary>
    public ValueTask<SubscriptionResponse> ShowEndedAsync(Tenant tenant, Subscription subscription, CancellationToken cancellationToken) =>
        ShowAsync(tenant, subscription, new SubscriptionCredits("0.00", "0.00", "0.00"), cancellationToken);

    private async ValueTask<SubscriptionResponse> ShowAsync(
        Tenant tenant,
        Subscription subscription,
        SubscriptionCredits credits,
        CancellationToken cancellationToken)
    {
        var plan = await plans.FindEverAsync(tenant, subscription.PlanId, cancellationToken)
            ?? throw new InvalidOperationException("A subscription's plan does not exist.");
        return new SubscriptionResponse(
            subscription.Id,
            subscription.PlanId,
            StatusOf(subscription),
            // A bundle that the plan has no longer is bought no more.
            plan.Bundles.Any(bundle => bundle.Id == subscription.TopUpBundleId) ? subscription.TopUpBundleId : null,
            subscription.StartedAt,
            subscription.CancelledAt,
            subscription.CycleStart,
            subscription.CycleEnd,
            new SubscriptionPlan(
                plan.Name,
                Amount.Trimmed(plan.PeriodAmount),
                Amount.Trimmed(plan.IncludedCredit),
                PlanWords.Of(plan.Interval),
                PlanWords.Rollover(plan.RollsOver),
                PlanWords.Rollover(plan.BundlesRollOver)),
            credits,
            await ShowAsync(tenant, subscription, cancellationToken),
            await ShowPastDueAsync(tenant, subscription, plan, cancellationToken),
            subscription.TopUpLimits is { } limits ? new TopUpLimitsResponse(Trimmed(limits.Day), Trimmed(limits.Cycle)) : null);
    }

    /// <summary>A subscription's status: <c>active</c>, <c>past_due</c> or <c>cancelled</c>.</summary>
    public static string StatusOf(Subscription subscription) => subscription switch { { CancelledAt: not null } =>
        "cancelled", { PastDue: not null } => "past_due", _ => "active" };

    private static string? Trimmed(decimal? amount) => amount is { } given ? Amount.Trimmed(given) : null;

    private async ValueTask<PastDueResponse?> ShowPastDueAsync(Tenant tenant, Subscription subscription, Plan plan, CancellationToken cancellationToken)
    {
        if (subscription.PastDue is not { } pastDue) return null;
        var owed = subscription.Pending?.PlanId is { } planId ? await plans.FindEverAsync(tenant, planId, cancellationToken) ?? plan : plan;
        return new PastDueResponse(Amount.Trimmed(Lifecycle.RoundUp(owed.PeriodAmount)), pastDue.Since, pastDue.Attempts, pastDue.RetryAt);
    }

    private async ValueTask<SubscriptionChange?> ShowAsync(Tenant tenant, Subscription subscription, CancellationToken cancellationToken)
    {
        if (subscription.Pending is not { } pending) return null;
        if (pending.PlanId is not { } planId) return new SubscriptionChange("cancellation", subscription.CycleEnd);
        var plan = await plans.FindEverAsync(tenant, planId, cancellationToken);
        return new SubscriptionChange(
            "downgrade",
            subscription.CycleEnd,
            planId,
            plan?.Name,
            plan is null ? null : Amount.Trimmed(plan.PeriodAmount),
            plan is null ? null : Amount.Trimmed(plan.IncludedCredit));
    }
}
