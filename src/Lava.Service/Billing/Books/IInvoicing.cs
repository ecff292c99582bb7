using Lava.Core.Keys;

namespace Lava.Service.Billing.Books;

/// <summary>Makes the documents of payments. Each is made once, however often it is asked for; it is durable when the call returns.</summary>
public interface IInvoicing
{
    /// <summary>Makes the invoice of a payment that succeeded.</summary>
    /// <param name="tenant">The merchant.</param>
    /// <param name="customerId">The customer who paid; null where the merchant paid into its wallet.</param>
    /// <param name="sale">What was sold.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask IssueAsync(Tenant tenant, string? customerId, Sale sale, CancellationToken cancellationToken);

    /// <summary>Makes a credit note of what was given back and is on none yet. Nothing happens for a payment without an invoice.</summary>
    /// <param name="tenant">The merchant.</param>
    /// <param name="customerId">The customer who paid; null for the merchant's wallet.</param>
    /// <param name="paymentId">The payment.</param>
    /// <param name="refunded">All that was given back of it so far, US dollars.</param>
    /// <param name="at">When.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask CreditAsync(Tenant tenant, string? customerId, string paymentId, decimal refunded, DateTimeOffset at, CancellationToken cancellationToken);
}
