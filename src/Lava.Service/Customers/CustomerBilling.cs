using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Accounts.Merchants;
using Lava.Service.Billing;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Clocks;
using Lava.Service.Billing.Due;
using Lava.Service.Billing.Subscriptions;

namespace Lava.Service.Customers;

/// <summary>Makes customers with their billing.</summary>
public sealed class CustomerBilling(CustomerStore store, SubscriptionService subscriptions, Biller biller, DueIndex due, TimeProvider time)
{
    /// <summary>Stores a customer and opens its billing, or finds the one that has its reference (or, without one, its id) already.
    /// A process that dies on the way leaves the opening to the timer.</summary>
    /// <param name="tenant">The merchant and the mode.</param>
    /// <param name="customer">The customer.</param>
    /// <param name="cancellationToken">Ends it before the customer is stored.</param>
    public async ValueTask<(Customer Customer, bool IsNew)> CreateAsync(Tenant tenant, Customer customer, CancellationToken cancellationToken)
    {
        // Listed as due before it is stored, so that nothing is stored that the timer does not find.
        var mark = await due.PutOpeningAsync(OwnerOf(tenant, customer), time.GetUtcNow(), cancellationToken);
        var (stored, isNew) = await store.AddAsync(tenant, customer, cancellationToken);
        if (isNew)
        {
            await biller.RunAsync(mark, CancellationToken.None);
            return (stored, true);
        }

        await OpenAsync(tenant, stored, CancellationToken.None);
        await due.DeleteAsync(mark, CancellationToken.None);
        return (stored, false);
    }

    /// <summary>Opens a stored customer's billing unless it is open, and names its owner.</summary>
    public async ValueTask<BillingOwner> OpenAsync(Tenant tenant, Customer customer, CancellationToken cancellationToken)
    {
        var owner = OwnerOf(tenant, customer);
        await subscriptions.EnsureOpenAsync(owner, cancellationToken);
        return owner;
    }

    /// <summary>The owner of a subscription; null where there is none of that id, or where the customer is deleted.</summary>
    public async ValueTask<BillingOwner?> FindOwnerAsync(Tenant tenant, string subscriptionId, CancellationToken cancellationToken)
    {
        if (await subscriptions.FindCustomerAsync(tenant, subscriptionId, cancellationToken) is not { } customerId) return null;
        return await store.FindAsync(tenant, customerId, cancellationToken) is { } found ? OwnerOf(tenant, found.Customer) : null;
    }

    /// <summary>A new customer, on the merchant's Free plan, of whom nothing is known yet.</summary>
    /// <param name="merchant">The merchant.</param>
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
