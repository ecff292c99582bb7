using System.Text.Json;
using Lava.Service.Billing.Subscriptions;

namespace Lava.Service.Customers;

/// <summary>A customer as webhooks show it: with the whole subscription.</summary>
internal sealed record CustomerEventCustomer(
    string CustomerId, string? ReferenceId, ContactResponse Contact, SubscriptionResponse? Subscription, JsonElement? Metadata, DateTimeOffset CreatedAt);
