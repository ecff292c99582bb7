using Lava.Service.Billing;

namespace Lava.Service.Subscriptions;

/// <summary>Answer to the creation of a subscription.</summary>
public sealed record CreatedSubscriptionResponse(SubscriptionResponse Subscription);
