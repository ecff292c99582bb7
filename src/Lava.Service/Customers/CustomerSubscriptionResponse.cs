using Lava.Service.Billing.Subscriptions;

namespace Lava.Service.Customers;

/// <summary>A customer's subscription, or null.</summary>
internal sealed record CustomerSubscriptionResponse(SubscriptionResponse? Subscription);
