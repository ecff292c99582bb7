using Lava.Core.Keys;
using Lava.Service.Billing.Books;

namespace Lava.Service.Tests.Support;

/// <summary>Billing's events where nobody has asked for any.</summary>
internal sealed class NobodyListens : IBillingEvents
{
    public ValueTask<bool> HasListenersAsync(Tenant tenant, CancellationToken cancellationToken) => ValueTask.FromResult(false);

    public ValueTask TellAsync(Tenant tenant, string customerId, string name, string eventId, IReadOnlyDictionary<string, string>? details, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
