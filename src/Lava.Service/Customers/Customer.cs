using System.Text.Json;
using Lava.Service.Customers.Parties;

namespace Lava.Service.Customers;

/// <summary>A customer of a merchant.</summary>
public sealed record Customer
{
    /// <summary><c>con_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The merchant's own id; unique among its customers.</summary>
    public string? ReferenceId { get; init; }

    /// <summary>Given name.</summary>
    public string? FirstName { get; init; }

    /// <summary>Family name.</summary>
    public string? LastName { get; init; }

    /// <summary>Address for mail.</summary>
    public string? Email { get; init; }

    /// <summary>Telephone number, E.164.</summary>
    public string? Phone { get; init; }

    /// <summary>To whom its invoices are made out; null for its name alone.</summary>
    public BillingParty? Billing { get; init; }

    /// <summary>Whatever the merchant keeps with the customer; at most 16 KB.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Its first subscription (<c>as_…</c>), with which its billing opens.</summary>
    public required string FirstSubscriptionId { get; init; }

    /// <summary>The plan of its first subscription.</summary>
    public required string FirstPlanId { get; init; }

    /// <summary>The test clock that it lives by (<c>clk_…</c>); null for real time.</summary>
    public string? TestClockId { get; init; }

    /// <summary>When it was deleted; null while it lives.</summary>
    public DateTimeOffset? DeletedAt { get; init; }
}
