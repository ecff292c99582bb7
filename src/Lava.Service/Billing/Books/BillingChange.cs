using Lava.Core.Billing;
using Lava.Service.Ports.Tables;

namespace Lava.Service.Billing.Books;

/// <summary>What becomes of a customer's billing in one transaction.</summary>
/// <param name="Subscription">The subscription afterwards.</param>
/// <param name="Outbox">What is to be done because of it.</param>
/// <param name="Ended">A subscription that ended with it and was followed by another; null where none was.</param>
/// <param name="PaymentId">The payment that is booked with it, which can be booked once; null where none is.</param>
/// <param name="CheckoutId">The checkout session that is completed with it, which can be completed once; null where there is none.</param>
public sealed record BillingChange(
    Subscription Subscription,
    IReadOnlyList<OutboxItem> Outbox,
    Subscription? Ended = null,
    string? PaymentId = null,
    string? CheckoutId = null)
{
    /// <summary>Other rows of the book that are written with it.</summary>
    public IReadOnlyList<TableWrite> Rows { get; init; } = [];
}
