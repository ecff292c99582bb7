using Lava.Core.Billing;
using Lava.Core.Keys;
using Lava.Service.Accounts.Merchants;
using Lava.Service.Pricing.Plans;

namespace Lava.Service.Billing.Subscriptions;

/// <summary>What plans promise, for billing.</summary>
public sealed class PlanLookup(PlanStore plans, MerchantStore merchants)
{
    /// <summary>The terms of a plan that is offered; null where it is not.</summary>
    public async ValueTask<PlanTerms?> FindAsync(Tenant tenant, string planId, CancellationToken cancellationToken) =>
        (await plans.FindAsync(tenant, planId, cancellationToken))?.Plan is { } plan ? Terms(plan) : null;

    /// <summary>The terms of a plan whether or not it is still offered: subscriptions go on until their cycle ends.</summary>
    /// <exception cref="InvalidOperationException">There never was one: a subscription names a plan that does not exist.</exception>
    public async ValueTask<PlanTerms> GetEverAsync(Tenant tenant, string planId, CancellationToken cancellationToken) =>
        Terms(await plans.FindEverAsync(tenant, planId, cancellationToken) ?? throw new InvalidOperationException("A subscription's plan does not exist."));

    /// <summary>The terms of the Free plan, to which customers fall back.</summary>
    public async ValueTask<PlanTerms> GetFreeAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        var merchant = await merchants.GetAsync(tenant.MerchantId, cancellationToken);
        return await GetEverAsync(tenant, merchant.FreePlanId(tenant.Mode), cancellationToken);
    }

    /// <summary>A credit bundle that is offered; null where there is none of that id.</summary>
    public ValueTask<CreditBundle?> FindBundleAsync(Tenant tenant, string bundleId, CancellationToken cancellationToken) =>
        plans.FindBundleAsync(tenant, bundleId, cancellationToken);

    /// <summary>A bundle as an automatic purchase buys it; null where there is none.</summary>
    public static TopUpOffer? OfferOf(CreditBundle? bundle) => bundle is null ? null : new TopUpOffer(bundle.Id, bundle.Cost, bundle.CreditAmount);

    private static PlanTerms Terms(Plan plan) =>
        new(
            plan.Id,
            plan.PeriodAmount,
            plan.IncludedCredit,
            plan.Interval,
            plan.RollsOver,
            plan.BundlesRollOver,
            OfferOf(plan.Bundles.FirstOrDefault(bundle => bundle.Id == plan.DefaultTopUpBundleId)),
            plan.DeletedAt is not null);
}
