using System.Text.Json.Serialization;
using Lava.Core.Keys;

namespace Lava.Service.Customers.Portal;

/// <summary>A customer's visit to the portal: first a link, then, when somebody has opened it, a session of that browser.</summary>
public sealed record PortalSession
{
    /// <summary>How long a link can be opened.</summary>
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromMinutes(10);

    /// <summary>How long a browser stays in the portal.</summary>
    public static readonly TimeSpan VisitLifetime = TimeSpan.FromHours(1);

    /// <summary><c>ps_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The merchant.</summary>
    public required string MerchantId { get; init; }

    /// <summary>Whether it is of live mode.</summary>
    public bool IsLive { get; init; }

    /// <summary>The customer, <c>con_…</c>.</summary>
    public required string CustomerId { get; init; }

    /// <summary>The merchant's page to which the portal leads back.</summary>
    public required string ReturnUrl { get; init; }

    /// <summary>The only origin whose pages may frame the portal, with its host in ASCII; null for none.</summary>
    public string? EmbedOrigin { get; init; }

    /// <summary>The plans that the customer may change to; null for all.</summary>
    public IReadOnlyList<string>? PlanIds { get; init; }

    /// <summary>When the link was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the link, or the visit that it has become, ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The setup in which the customer gives a card; null where no card is waited for.</summary>
    public string? SetupId { get; init; }

    /// <summary>The payment that waits for the customer's bank; null where none does.</summary>
    public string? PaymentId { get; init; }

    /// <summary>Whose it is.</summary>
    [JsonIgnore]
    public Tenant Tenant => new(MerchantId, IsLive ? Mode.Live : Mode.Test);

    /// <summary>Whether the customer may change to a plan.</summary>
    public bool Offers(string planId) => PlanIds?.Contains(planId) ?? true;
}
