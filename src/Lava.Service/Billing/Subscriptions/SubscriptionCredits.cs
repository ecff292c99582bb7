namespace Lava.Service.Billing.Subscriptions;

/// <summary>What a customer can still spend.</summary>
public sealed record SubscriptionCredits(string TotalRemaining, string CycleRemaining, string BundleRemaining);
