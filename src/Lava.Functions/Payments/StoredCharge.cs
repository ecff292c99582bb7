using Lava.Service.Ports.Payments;

namespace Lava.Functions.Payments;

/// <summary>A payment, kept before Stripe hears of it.</summary>
public sealed record StoredCharge
{
    /// <summary>The payment as it was last seen.</summary>
    public required Payment Payment { get; init; }

    /// <summary>Whose card.</summary>
    public required string Owner { get; init; }

    /// <summary>The key with which it was asked for.</summary>
    public required string Key { get; init; }

    /// <summary>What it is for.</summary>
    public required string Description { get; init; }

    /// <summary>Whether the cardholder is not there.</summary>
    public bool IsOffSession { get; init; }

    /// <summary>Where the cardholder's bank sends the cardholder.</summary>
    public Uri? ReturnUrl { get; init; }

    /// <summary>Whether the bank asks in a page of ours. It is decided once, for a repeat must confirm as the first try did.</summary>
    public bool AuthenticatesInPage { get; init; }

    /// <summary>The owner at Stripe; null where the payment failed before Stripe was asked.</summary>
    public string? CustomerId { get; init; }

    /// <summary>Stripe's PaymentIntent (<c>pi_…</c>); null until it is made. Only the one that stands here is ever confirmed.</summary>
    public string? IntentId { get; init; }

    /// <summary>Counts the faults that Stripe keeps for an idempotency key.</summary>
    public int Attempt { get; init; }

    /// <summary>Whether it has succeeded or failed.</summary>
    public bool IsEnded { get; init; }
}
