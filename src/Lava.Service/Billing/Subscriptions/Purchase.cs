namespace Lava.Service.Billing.Subscriptions;

/// <summary>How a customer pays for a plan or for credits.</summary>
/// <param name="PaymentMethodId">The card; null for the customer's default.</param>
/// <param name="ReturnUrl">Where the customer's bank sends the customer back to; null where the customer is not there.</param>
/// <param name="CheckoutId">The checkout session (<c>cs_…</c>) that is completed with it: what it is for is given once, however often it is asked for. Null
/// where there is none.</param>
public sealed record Purchase(string? PaymentMethodId = null, Uri? ReturnUrl = null, string? CheckoutId = null);
