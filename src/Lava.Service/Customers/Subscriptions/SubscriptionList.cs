using Lava.Core.Keys;
using Lava.Service.Api.Lists;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Subscriptions;

namespace Lava.Service.Customers.Subscriptions;

/// <summary>Lists subscriptions as the customers' books have them.</summary>
internal sealed class SubscriptionList(SubscriptionIndex index, BillingBooks books, SubscriptionViews views, CustomerStore customers)
{
    /// <summary>A customer's current subscription; null where the billing is not open.</summary>
    public async ValueTask<SubscriptionResponse?> ShowAsync(Tenant tenant, string customerId, CancellationToken cancellationToken) =>
        await books.ReadAsync(tenant, customerId, cancellationToken) is { } state ? await views.ShowAsync(tenant, state, cancellationToken) : null;

    /// <summary>Whether a subscription is the customer's active one.</summary>
    public async ValueTask<bool> IsActiveAsync(BillingOwner owner, string id, CancellationToken cancellationToken) =>
        (await books.ReadAsync(owner.Tenant, owner.CustomerId, cancellationToken))?.Subscription is { CancelledAt: null } subscription && subscription.Id == id;

    /// <summary>A page of the tenant's subscriptions, newest first; null where the cursor is none of this list.</summary>
    public async ValueTask<ListResponse<SubscriptionListItem>?> PageAsync(Tenant tenant, bool? isActive, ListQuery page, CancellationToken cancellationToken)
    {
        if (await index.ListAsync(tenant, isActive, page, cancellationToken) is not { } rows) return null;
        var onPage = rows.Take(page.Limit).ToList();
        var shown = await Task.WhenAll(onPage.Select(row => ShowAsync(tenant, row.Id, row.CustomerId, isActive, cancellationToken)));
        var hasMore = rows.Count > page.Limit;

        // A row that is behind its book shows nothing; the page is shorter then, and goes on where it ended.
        return new ListResponse<SubscriptionListItem>([.. shown.OfType<SubscriptionListItem>()], hasMore, hasMore ? onPage[^1].Id : null);
    }

    /// <summary>A customer's subscriptions, newest first; up to one more than the page's limit. Null where the cursor is none of this list.</summary>
    public async ValueTask<IReadOnlyList<SubscriptionListItem>?> OfCustomerAsync(
        Tenant tenant,
        Customer customer,
        bool? isActive,
        ListQuery page,
        CancellationToken cancellationToken)
    {
        if (await books.ListEndedAsync(tenant, customer.Id, page, cancellationToken) is not { } ended) return null;
        var items = new List<SubscriptionListItem>();
        var contact = CustomerViews.ContactOf(customer);
        if (isActive != false
            && page.Cursor is null
            && await books.ReadAsync(tenant, customer.Id, cancellationToken) is { Subscription.CancelledAt: null } state)
            items.Add(SubscriptionListItem.Of(await views.ShowAsync(tenant, state, cancellationToken), customer.Id, contact));
        if (isActive == true) return items;
        foreach (var subscription in ended)
            items.Add(SubscriptionListItem.Of(await views.ShowEndedAsync(tenant, subscription, cancellationToken), customer.Id, contact));
        return items;
    }

    private async Task<SubscriptionListItem?> ShowAsync(Tenant tenant, string id, string customerId, bool? isActive, CancellationToken cancellationToken)
    {
        if (await customers.FindEverAsync(tenant, customerId, cancellationToken) is not { } customer) return null;
        var state = await books.ReadAsync(tenant, customerId, cancellationToken);
        SubscriptionResponse? shown = null;
        if (state?.Subscription is { CancelledAt: null } current && current.Id == id)
        {
            if (isActive != false) shown = await views.ShowAsync(tenant, state, cancellationToken);
        }
        else if (isActive != true && await books.ReadEndedAsync(tenant, customerId, id, cancellationToken) is { } ended)
            shown = await views.ShowEndedAsync(tenant, ended, cancellationToken);

        return shown is null ? null : SubscriptionListItem.Of(shown, customerId, CustomerViews.ContactOf(customer));
    }
}
