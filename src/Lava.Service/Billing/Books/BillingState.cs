using Lava.Core.Billing;
using Lava.Core.Ledger;

namespace Lava.Service.Billing.Books;

/// <summary>A customer's billing at one moment.</summary>
/// <param name="Head">The book's head.</param>
/// <param name="Subscription">The current subscription; cancelled where the customer was deleted.</param>
public sealed record BillingState(BookHead Head, Subscription Subscription);
