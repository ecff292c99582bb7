using Lava.Core.Keys;
using Lava.Service.Ledger.Books;

namespace Lava.Service.Billing.Books;

/// <summary>Whose billing it is.</summary>
/// <param name="Tenant">The merchant's tenant.</param>
/// <param name="CustomerId">The customer.</param>
/// <param name="ClockId">The test clock that the customer lives by; null for real time.</param>
public readonly record struct BillingOwner(Tenant Tenant, string CustomerId, string? ClockId)
{
    /// <summary>The customer's book.</summary>
    public BookKey Book => BookKey.Customer(Tenant, CustomerId);
}
