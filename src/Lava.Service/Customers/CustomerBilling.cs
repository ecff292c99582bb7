using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Billing;
using Lava.Service.Merchants;
using Lava.Service.TestClocks;

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

    /// <summary>A new customer, on the merchant's Free plan, of whom nothing is known yet.</summary>
    /// <param name="merchant">Whose.</param>
    /// <param name="mode">Test or live.</param>
    /// <param name="now">The time.</param>
    /// <param name="clock">The test clock by which the customer lives; null for real time.</param>
    public static Customer Draft(Merchant merchant, Mode mode, DateTimeOffset now, TestClock? clock = null) => new()
    {
        Id = Id.Create(CustomerStore.Prefix, mode, now),
        CreatedAt = clock?.FrozenTime ?? now,
        FirstSubscriptionId = Id.Create(SubscriptionIndex.Prefix, mode, now),
        FirstPlanId = merchant.FreePlanId(mode),
        TestClockId = clock?.Id,
    };

    /// <summary>Names the owner of a customer's billing.</summary>
    public static BillingOwner OwnerOf(Tenant tenant, Customer customer) => new(tenant, customer.Id, customer.TestClockId);
}
