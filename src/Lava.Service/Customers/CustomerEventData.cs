using System.Text.Json;
using Lava.Service.Billing;

namespace Lava.Service.Customers;

/// <summary>What a webhook's event carries: the customer, and the same once more below <c>customer</c>.</summary>
public sealed record CustomerEventData(
    string CustomerId,
    string? ReferenceId,
    ContactResponse Contact,
    SubscriptionResponse? Subscription,
    JsonElement? Metadata,
    DateTimeOffset CreatedAt,
    CustomerEventCustomer Customer);
