using Lava.Core.Keys;

namespace Lava.Service.Billing.Books;

/// <summary>Tells merchants what became of their customers.</summary>
public interface IBillingEvents
{
    /// <summary>Whether anybody is to be told; cheap.</summary>
    ValueTask<bool> HasListenersAsync(Tenant tenant, CancellationToken cancellationToken);

    /// <summary>Tells an event with the customer as it is now; nothing happens for an id that was told before. Durable when it returns.</summary>
    /// <param name="tenant">Whose webhooks.</param>
    /// <param name="customerId">The customer.</param>
    /// <param name="name">The event's name.</param>
    /// <param name="eventId">The event's id, the same however often it is told.</param>
    /// <param name="details">What the event says beside the customer; null for nothing.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask TellAsync(
        Tenant tenant,
        string customerId,
        string name,
        string eventId,
        IReadOnlyDictionary<string, string>? details,
        CancellationToken cancellationToken);
}
