using Lava.Service.Billing.Subscriptions;

namespace Lava.Service.Customers.Subscriptions;

/// <summary>Answer to the creation of a subscription.</summary>
internal sealed record CreatedSubscriptionResponse(SubscriptionResponse Subscription);
