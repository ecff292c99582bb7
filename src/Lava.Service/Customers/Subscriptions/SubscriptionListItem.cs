using System.Text.Json.Serialization;
using Lava.Service.Billing.Subscriptions;

namespace Lava.Service.Customers.Subscriptions;

/// <summary>A subscription of the list, with its customer (rest-api.md §2.2).</summary>
internal sealed record SubscriptionListItem(
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
    string CustomerId,
    ContactResponse Customer,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PastDueResponse? PastDue = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TopUpLimitsResponse? AutoTopUpLimits = null)
{
    /// <summary>Puts a subscription and its customer together.</summary>
    public static SubscriptionListItem Of(SubscriptionResponse subscription, string customerId, ContactResponse contact) => new(
        subscription.SubscriptionId,
        subscription.PlanId,
        subscription.Status,
        subscription.AutoTopUpBundleId,
        subscription.StartedAt,
        subscription.CancelledAt,
        subscription.CycleStartAt,
        subscription.CycleEndAt,
        subscription.Plan,
        subscription.Credits,
        subscription.PendingChange,
        customerId,
        contact,
        subscription.PastDue,
        subscription.AutoTopUpLimits);
}
