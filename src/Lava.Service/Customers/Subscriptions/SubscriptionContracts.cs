namespace Lava.Service.Customers.Subscriptions;

// Shapes of request bodies in the API's document. Bodies are read member by member, so that one response lists all that is wrong with one.
#pragma warning disable CA1812 // Made by nobody: the document is made from their types.

internal sealed record CreateSubscriptionBody(string CustomerId, string PlanId);

internal sealed record TopUpLimitsBody(string? Day = null, string? Cycle = null);

internal sealed record UpdateSubscriptionBody(string? AutoTopUpBundleId = null, TopUpLimitsBody? AutoTopUpLimits = null);

internal sealed record PaySubscriptionBody(string? PaymentMethodId = null, string? ReturnUrl = null);

internal sealed record ChangePlanBody(string PlanId, string? ExpectedAmount = null, string? PaymentMethodId = null, string? ReturnUrl = null);

internal sealed record BuyCreditsBody(string CreditBundleId, string? ExpectedAmount = null, string? PaymentMethodId = null, string? ReturnUrl = null);
