namespace Lava.Service.Customers.Checkout;

// Shapes of request bodies in the API's document. Bodies are read member by member, so that one response lists all that is wrong with one.
#pragma warning disable CA1812 // Made by nobody: the document is made from their types.

internal sealed record CreateCheckoutBody(
    string CheckoutMode,
    string OriginUrl,
    string? PlanId = null,
    string? CustomerId = null,
    string? CreditBundleId = null);
