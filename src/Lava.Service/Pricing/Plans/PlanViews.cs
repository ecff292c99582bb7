using Lava.Core.Keys;
using Lava.Core.Money;
using Lava.Service.Pricing.Meters;

namespace Lava.Service.Pricing.Plans;

/// <summary>Shows plans and bundles.</summary>
internal sealed class PlanViews(MeterStore meters)
{
    /// <summary>A plan as the API shows it.</summary>
    public async Task<PlanResponse> ShowAsync(Tenant tenant, Plan plan, CancellationToken cancellationToken)
    {
        var linked = new List<LinkedMeter>(plan.MeterIds.Count);
        foreach (var id in plan.MeterIds)
        {
            // A deleted meter is linked no more.
            if (await meters.FindAsync(tenant, id, cancellationToken) is { } found) linked.Add(new LinkedMeter(id, found.Meter.Name));
        }

        return new PlanResponse(
            plan.Id,
            tenant.MerchantId,
            plan.Name,
            Amount.Trimmed(plan.PeriodAmount),
            Amount.Trimmed(plan.IncludedCredit),
            PlanWords.Of(plan.Interval),
            PlanWords.Rollover(plan.RollsOver),
            PlanWords.Rollover(plan.BundlesRollOver),
            plan.DefaultTopUpBundleId,
            linked,
            [.. plan.Bundles.Select(bundle => new PlanBundle(bundle.Id, bundle.Name, Amount.Trimmed(bundle.Cost), Amount.Trimmed(bundle.CreditAmount)))],
            plan.CreatedAt);
    }

    /// <summary>A credit bundle as the API shows it.</summary>
    public static CreditBundleResponse Show(CreditBundle bundle) =>
        new(bundle.Id, bundle.PlanId, bundle.Name, Amount.Trimmed(bundle.Cost), Amount.Trimmed(bundle.CreditAmount), bundle.CreatedAt);
}
