using System.Text.Json;
using System.Text.Json.Serialization;
using Lava.Service.Billing.Subscriptions;

namespace Lava.Service.Customers;

/// <summary>A customer on the wire (rest-api.md §2.1); <c>test_clock_id</c> is our own and there only with a clock.</summary>
internal sealed record CustomerResponse(
    string CustomerId,
    string? ReferenceId,
    ContactResponse Contact,
    SubscriptionSummary? Subscription,
    JsonElement? Metadata,
    DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TestClockId);
