using Lava.Core.Billing;

namespace Lava.Service.Billing.Subscriptions;

/// <summary>How a customer pays for a plan or for credits.</summary>
/// <param name="PaymentMethodId">The card; null for the customer's default.</param>
/// <param name="ReturnUrl">Where the customer's bank sends the customer back to; null where the customer is not there.</param>
/// <param name="CheckoutId">The checkout session (<c>cs_…</c>) that is completed with it: what it is for is given once, however often it is asked for. Null
/// where there is none.</param>
/// <param name="SubscriptionId">The subscription for which it is meant: one that has come in its place since is left alone. Null for whichever is the
/// current one.</param>
public sealed record Purchase(string? PaymentMethodId = null, Uri? ReturnUrl = null, string? CheckoutId = null, string? SubscriptionId = null)
{
    /// <summary>Whether it is meant for a subscription.</summary>
    public bool IsFor(Subscription subscription) => SubscriptionId is null || SubscriptionId == subscription.Id;
}
