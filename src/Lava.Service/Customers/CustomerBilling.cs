using Lava.Core.Keys;
using Lava.Service.Billing;

namespace Lava.Service.Customers;

/// <summary>Opens customers' billing where it is first needed: with the customer, or later if the server died in between.</summary>
public sealed class CustomerBilling(SubscriptionService subscriptions)
{
    /// <summary>Opens a customer's billing unless it is open, and names its owner.</summary>
    public async ValueTask<BillingOwner> OpenAsync(Tenant tenant, Customer customer, CancellationToken cancellationToken)
    {
        var owner = OwnerOf(tenant, customer);
        await subscriptions.EnsureOpenAsync(owner, customer.FirstSubscriptionId, customer.FirstPlanId, cancellationToken);
        return owner;
    }

    /// <summary>Names the owner of a customer's billing.</summary>
    public static BillingOwner OwnerOf(Tenant tenant, Customer customer) => new(tenant, customer.Id, customer.TestClockId);
}
