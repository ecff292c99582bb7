using System.Collections.Concurrent;
using Lava.Core.Keys;
using Lava.Service.Customers;

namespace Lava.Service.Ledger;

/// <summary>Opens customers' books when they are first needed, with the credit that the plan included when the customer was made.</summary>
public sealed class CustomerBooks(Funds funds)
{
    private const int MaxKnown = 200_000;

    private readonly ConcurrentDictionary<string, bool> _open = new(StringComparer.Ordinal);

    /// <summary>Opens a customer's book unless it is open.</summary>
    public ValueTask EnsureOpenAsync(Tenant tenant, Customer customer, CancellationToken cancellationToken) =>
        _open.ContainsKey(customer.Id) ? ValueTask.CompletedTask : OpenAsync(tenant, customer, cancellationToken);

    private async ValueTask OpenAsync(Tenant tenant, Customer customer, CancellationToken cancellationToken)
    {
        await funds.OpenCustomerAsync(tenant, customer.Id, customer.OpeningCredit, customer.PlanId, cancellationToken);
        if (_open.Count >= MaxKnown) _open.Clear();
        _open[customer.Id] = true;
    }
}
