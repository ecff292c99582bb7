namespace Lava.Service.Billing.Books;

/// <summary>Something outside a book that is to be done because the book has changed. It is written with the change and done until it is done; doing it twice
/// does no harm.</summary>
/// <param name="Kind">What.</param>
/// <param name="Id">The subscription, the payment, or the event's id, the same however often it is told.</param>
/// <param name="Event">The event's name; null unless it is to be told.</param>
/// <param name="Amount">US dollars to give back, or all that was given back so far for a credit note; 0 otherwise.</param>
/// <param name="Key">Idempotency key of a refund; null for the payment's id.</param>
/// <param name="Details">What the event says beside the customer; null for nothing.</param>
/// <param name="Sale">What an invoice says; null for all else.</param>
/// <param name="At">When it was given back; for a credit note.</param>
public sealed record OutboxItem(
    OutboxItemKind Kind,
    string Id,
    string? Event = null,
    decimal Amount = 0,
    string? Key = null,
    IReadOnlyDictionary<string, string>? Details = null,
    Sale? Sale = null,
    DateTimeOffset At = default)
{
    /// <summary>Makes the invoice of a payment.</summary>
    public static OutboxItem Invoice(Sale sale) => new(OutboxItemKind.Invoice, sale.PaymentId, Sale: sale);

    /// <summary>Makes a credit note of what was given back.</summary>
    /// <param name="paymentId">The payment.</param>
    /// <param name="refunded">All that was given back so far, US dollars.</param>
    /// <param name="at">When.</param>
    public static OutboxItem Credit(string paymentId, decimal refunded, DateTimeOffset at) =>
        new(OutboxItemKind.CreditNote, paymentId, Amount: refunded, At: at);

    /// <summary>Tells an event.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="subject">What makes it this event and no other of the name.</param>
    /// <param name="details">What it says beside the customer.</param>
    public static OutboxItem Tell(string name, string subject, params IReadOnlyList<(string Name, string Value)> details) =>
        new(
            OutboxItemKind.Tell,
            name + ":" + subject,
            name,
            Details: details.Count == 0 ? null : details.ToDictionary(detail => detail.Name, detail => detail.Value));
}
