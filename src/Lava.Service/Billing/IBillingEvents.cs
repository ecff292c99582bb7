using Lava.Core.Keys;

namespace Lava.Service.Billing;

/// <summary>Tells merchants what became of their customers.</summary>
public interface IBillingEvents
{
    /// <summary>Whether anybody is to be told; cheap.</summary>
    ValueTask<bool> HasListenersAsync(Tenant tenant, CancellationToken cancellationToken);

    /// <summary>Tells an event with the customer as it is now; nothing happens for an id that was told before. Durable when it returns.</summary>
    ValueTask TellAsync(Tenant tenant, string customerId, string name, string eventId, CancellationToken cancellationToken);
}
