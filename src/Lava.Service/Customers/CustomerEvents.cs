using Lava.Core.Keys;
using Lava.Service.Billing.Books;
using Lava.Service.Storage;
using Lava.Service.Webhooks;

namespace Lava.Service.Customers;

/// <summary>Tells the merchant what became of a customer: every event carries the customer as it is when it is told (behaviour.md §8).</summary>
internal sealed class CustomerEvents(CustomerStore customers, CustomerViews views, WebhookEvents events) : IBillingEvents
{
    /// <inheritdoc/>
    public ValueTask<bool> HasListenersAsync(Tenant tenant, CancellationToken cancellationToken) => events.HasAnyAsync(tenant, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask TellAsync(
        Tenant tenant,
        string customerId,
        string name,
        string eventId,
        IReadOnlyDictionary<string, string>? details,
        CancellationToken cancellationToken)
    {
        if (!await events.HasAnyAsync(tenant, name, cancellationToken)
            || await customers.FindEverAsync(tenant, customerId, cancellationToken) is not { } customer)
            return;
        var shown = await views.ShowAsync(tenant, customer, cancellationToken);
        var subscription = (await views.ShowSubscriptionAsync(tenant, customer, cancellationToken)).Subscription;
        var whole = new CustomerEventCustomer(shown.CustomerId, shown.ReferenceId, shown.Contact, subscription, shown.Metadata, shown.CreatedAt);

        // The customer itself and a copy of it below "customer": receivers read either (behaviour.md §8).
        var data = new CustomerEventData(
            whole.CustomerId,
            whole.ReferenceId,
            whole.Contact,
            whole.Subscription,
            whole.Metadata,
            whole.CreatedAt,
            whole,
            details);
        await events.PublishAsync(tenant, name, eventId, Json.Write(data, CustomersJson.Default.CustomerEventData), cancellationToken);
    }
}
