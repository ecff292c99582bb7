using Lava.Core.Keys;

namespace Lava.Service.Billing;

/// <summary>Knows with which subscription each customer begins.</summary>
public interface IFirstSubscriptions
{
    /// <summary>A living customer's first subscription; null where there is no such customer.</summary>
    ValueTask<FirstSubscription?> FindAsync(Tenant tenant, string customerId, CancellationToken cancellationToken);
}
