using System.Text.Json;
using System.Text.Json.Serialization;
using Lava.Service.Billing.Subscriptions;
using Lava.Service.Customers.Parties;

namespace Lava.Service.Customers;

/// <summary>A customer on the wire (rest-api.md §2.1); <c>test_clock_id</c> and <c>billing</c> are our own and there only where they are
/// set.</summary>
internal sealed record CustomerResponse(
    string CustomerId,
    string? ReferenceId,
    ContactResponse Contact,
    SubscriptionSummary? Subscription,
    JsonElement? Metadata,
    DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TestClockId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BillingParty? Billing);
