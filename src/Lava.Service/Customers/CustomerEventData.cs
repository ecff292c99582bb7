using System.Text.Json;
using System.Text.Json.Serialization;
using Lava.Service.Billing.Subscriptions;

namespace Lava.Service.Customers;

/// <summary>What a webhook's event carries: the customer, and the same once more below <c>customer</c>; <c>details</c> where the event has more to
/// say.</summary>
internal sealed record CustomerEventData(
    string CustomerId,
    string? ReferenceId,
    ContactResponse Contact,
    SubscriptionResponse? Subscription,
    JsonElement? Metadata,
    DateTimeOffset CreatedAt,
    CustomerEventCustomer Customer,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Details = null);
