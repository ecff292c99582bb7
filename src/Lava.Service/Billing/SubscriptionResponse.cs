namespace Lava.Service.Billing;

/// <summary>A subscription on the wire (rest-api.md §2.2).</summary>
public sealed record SubscriptionResponse(
    string SubscriptionId,
    string PlanId,
    string Status,
    string? AutoTopUpBundleId,
    DateTimeOffset StartedAt,
    DateTimeOffset? CancelledAt,
    DateTimeOffset? CycleStartAt,
    DateTimeOffset? CycleEndAt,
    SubscriptionPlan Plan,
    SubscriptionCredits Credits,
    SubscriptionChange? PendingChange);
