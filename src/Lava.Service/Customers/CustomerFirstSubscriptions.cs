using Lava.Core.Keys;
using Lava.Service.Billing;

namespace Lava.Service.Customers;

/// <summary>First subscriptions, as they stand in customers' rows.</summary>
internal sealed class CustomerFirstSubscriptions(CustomerStore customers) : IFirstSubscriptions
{
    /// <inheritdoc/>
    public async ValueTask<FirstSubscription?> FindAsync(Tenant tenant, string customerId, CancellationToken cancellationToken) =>
        await customers.FindAsync(tenant, customerId, cancellationToken) is { Customer: var customer }
            ? new FirstSubscription(customer.FirstSubscriptionId, customer.FirstPlanId)
            : null;
}
