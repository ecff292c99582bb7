using System.Text.Json.Serialization;

namespace Lava.Service.Billing.Subscriptions;

/// <summary>A subscription on the wire (rest-api.md §2.2). <c>past_due</c> and <c>auto_top_up_limits</c> are our own and there only where they say
/// something.</summary>
internal sealed record SubscriptionResponse(
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
    SubscriptionChange? PendingChange,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PastDueResponse? PastDue = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TopUpLimitsResponse? AutoTopUpLimits = null);
