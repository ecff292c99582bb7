namespace Lava.Service.Billing.Subscriptions;

/// <summary>What a customer can still spend.</summary>
internal sealed record SubscriptionCredits(string TotalRemaining, string CycleRemaining, string BundleRemaining);
