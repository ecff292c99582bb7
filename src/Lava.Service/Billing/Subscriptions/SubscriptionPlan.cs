namespace Lava.Service.Billing.Subscriptions;

/// <summary>The plan of a subscription.</summary>
internal sealed record SubscriptionPlan(
    string Name,
    string PeriodAmount,
    string IncludedCredit,
    string BillingInterval,
    string RolloverType,
    string BundleRolloverType);
