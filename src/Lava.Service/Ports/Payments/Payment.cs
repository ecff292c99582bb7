using System.Text.Json.Serialization;

namespace Lava.Service.Ports.Payments;

/// <summary>A payment as it is now.</summary>
public sealed record Payment
{
    /// <summary><c>pay_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What became of it.</summary>
    public required PaymentStatus Status { get; init; }

    /// <summary>US dollars, whole cents.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Why it failed, in Stripe's words (<c>generic_decline</c>, <c>insufficient_funds</c>, <c>authentication_required</c>, <c>no_payment_method</c>);
    /// null otherwise.</summary>
    public string? DeclineCode { get; init; }

    /// <summary>The same as a sentence.</summary>
    public string? Message { get; init; }

    /// <summary>Where the cardholder authenticates it; null unless that is waited for.</summary>
    public Uri? ActionUrl { get; init; }

    /// <summary>What the processor's script needs to have it authenticated in a page of ours, where the charge asked for that; null unless that is waited
    /// for.</summary>
    [JsonIgnore]
    public CardForm? ActionForm { get; init; }

    /// <summary>The card; null where there was none.</summary>
    public string? PaymentMethodId { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The dispute about it; null for none.</summary>
    public PaymentDispute? Dispute { get; init; }

    /// <summary>How much was given back, US dollars.</summary>
    public decimal Refunded { get; init; }
}
