namespace Lava.Service.Billing.Subscriptions;

/// <summary>The active subscription in short.</summary>
internal sealed record SubscriptionSummary(string SubscriptionId, string PlanId, string Name, string Status);
