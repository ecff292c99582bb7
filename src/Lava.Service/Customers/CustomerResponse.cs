using System.Text.Json;

namespace Lava.Service.Customers;

/// <summary>A customer on the wire (rest-api.md §2.1).</summary>
public sealed record CustomerResponse(
    string CustomerId, string? ReferenceId, ContactResponse Contact, SubscriptionSummary? Subscription, JsonElement? Metadata, DateTimeOffset CreatedAt);
