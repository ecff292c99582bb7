namespace Lava.Service.Billing.Subscriptions;

/// <summary>Where a listed subscription is to be found.</summary>
/// <param name="CustomerId">The customer in whose book it is.</param>
internal sealed record IndexedSubscription(string CustomerId);
