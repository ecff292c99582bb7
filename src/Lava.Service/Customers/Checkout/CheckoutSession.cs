using Lava.Core.Keys;
using Lava.Service.Api;

namespace Lava.Service.Customers.Checkout;

/// <summary>A customer's way through a checkout (behaviour.md §7.2).</summary>
internal sealed record CheckoutSession
{
    /// <summary>How long a customer has.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary><c>cs_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The merchant.</summary>
    public required string MerchantId { get; init; }

    /// <summary>Whether it is of live mode.</summary>
    public bool IsLive { get; init; }

    /// <summary>The page that opens it, as the merchant gave it.</summary>
    public required string OriginUrl { get; init; }

    /// <summary>The plan to subscribe to; null for a bundle.</summary>
    public string? PlanId { get; init; }

    /// <summary>The bundle to buy; null for a plan.</summary>
    public string? BundleId { get; init; }

    /// <summary>The customer; null until a new one has said who it is.</summary>
    public string? CustomerId { get; init; }

    /// <summary>The customer that this checkout makes, written here first so that it is made once; null where it was there before.</summary>
    public Customer? NewCustomer { get; init; }

    /// <summary>The setup in which the customer gives a card in the processor's form; null while the customer has not asked for the form, and when the card is
    /// given.</summary>
    public string? SetupId { get; init; }

    /// <summary>The card that was entered, which becomes the customer's default when the checkout is completed; null where a kept one was chosen.</summary>
    public string? NewCardId { get; init; }

    /// <summary>Price and content of what it sells, as they were when it was made (<see cref="CheckoutOffer.Terms"/>).</summary>
    public string? Terms { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was completed; null while it is not, or while nobody has looked.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Whose it is.</summary>
    public Tenant Tenant => new(MerchantId, IsLive ? Mode.Live : Mode.Test);

    /// <summary>The only origin that may frame it and is told of its end, with its host in ASCII.</summary>
    public string Origin => AsciiAddress.Origin(new Uri(OriginUrl));
}
