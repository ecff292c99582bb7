namespace Lava.Service.Pricing.Plans;

/// <summary>A plan on the wire (rest-api.md §2.3).</summary>
internal sealed record PlanResponse(
    string PlanId,
    string MerchantId,
    string Name,
    string PeriodAmount,
    string IncludedCredit,
    string BillingInterval,
    string RolloverType,
    string BundleRolloverType,
    string? DefaultAutoTopUpBundleId,
    IReadOnlyList<LinkedMeter> LinkedMeters,
    IReadOnlyList<PlanBundle> CreditBundles,
    DateTimeOffset CreatedAt);
