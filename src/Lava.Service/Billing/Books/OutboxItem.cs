namespace Lava.Service.Billing.Books;

/// <summary>Something outside a book that is to be done because the book has changed. It is written with the change and done until it is done; doing it twice
/// does no harm.</summary>
/// <param name="Kind">What.</param>
/// <param name="Id">The subscription, the payment, or the event's id, the same however often it is told.</param>
/// <param name="Event">The event's name; null unless it is to be told.</param>
/// <param name="Amount">US dollars to give back; 0 otherwise.</param>
/// <param name="Key">Idempotency key of a refund; null for the payment's id.</param>
/// <param name="Details">What the event says beside the customer; null for nothing.</param>
public sealed record OutboxItem(
    OutboxItemKind Kind,
    string Id,
    string? Event = null,
    decimal Amount = 0,
    string? Key = null,
    IReadOnlyDictionary<string, string>? Details = null)
{
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
