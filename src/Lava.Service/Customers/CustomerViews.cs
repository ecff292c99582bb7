using Lava.Core.Keys;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Subscriptions;
using Lava.Service.Pricing.Plans;

namespace Lava.Service.Customers;

/// <summary>Shows customers and their subscriptions.</summary>
internal sealed class CustomerViews(BillingBooks books, SubscriptionViews subscriptions, PlanStore plans)
{
    /// <summary>A customer as the API shows it.</summary>
    public async ValueTask<CustomerResponse> ShowAsync(Tenant tenant, Customer customer, CancellationToken cancellationToken)
    {
        var subscription = (await books.ReadAsync(tenant, customer.Id, cancellationToken))?.Subscription;
        SubscriptionSummary? summary = null;
        if (subscription is { CancelledAt: null })
        {
            var plan = await plans.FindCachedAsync(tenant, subscription.PlanId, cancellationToken);
            summary = new SubscriptionSummary(subscription.Id, subscription.PlanId, plan?.Name ?? "", SubscriptionViews.StatusOf(subscription));
        }

        return new CustomerResponse(
            customer.Id,
            customer.ReferenceId,
            ContactOf(customer),
            summary,
            customer.Metadata,
            customer.CreatedAt,
            customer.TestClockId,
            customer.Billing);
    }

    /// <summary>A customer's subscription as the API shows it; null where none is active.</summary>
    public async ValueTask<CustomerSubscriptionResponse> ShowSubscriptionAsync(Tenant tenant, Customer customer, CancellationToken cancellationToken)
    {
        var state = await books.ReadAsync(tenant, customer.Id, cancellationToken);
        return new CustomerSubscriptionResponse(state is { Subscription.CancelledAt: null }
            ? await subscriptions.ShowAsync(tenant, state, cancellationToken)
            : null);
    }

    /// <summary>A customer's contact data.</summary>
    public static ContactResponse ContactOf(Customer customer) =>
        new(customer.Phone ?? "", customer.Email ?? "", customer.FirstName ?? "", customer.LastName ?? "");
}
