using System.Diagnostics.CodeAnalysis;

namespace Lava.Service.Ports.Payments;

/// <summary>What became of a card that was to be kept: the card, or why its bank refused it.</summary>
public sealed record AddedMethod
{
    /// <summary>The card; null where it was refused.</summary>
    public PaymentMethod? Method { get; init; }

    /// <summary>Why it was refused, in Stripe's words (<c>generic_decline</c>); null where it was not.</summary>
    public string? DeclineCode { get; init; }

    /// <summary>The same as a sentence.</summary>
    public string? Message { get; init; }

    /// <summary>Whether it is kept.</summary>
    [MemberNotNullWhen(true, nameof(Method))]
    public bool IsAdded => Method is not null;
}
