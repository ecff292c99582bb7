namespace Lava.Service.Ports.Payments;

/// <summary>A charge of a card.</summary>
public sealed record ChargeRequest
{
    /// <summary>Idempotency key: the same payment however often it is asked for.</summary>
    public required string Key { get; init; }

    /// <summary>Whose card.</summary>
    public required string Owner { get; init; }

    /// <summary>The card; null for the owner's default.</summary>
    public string? PaymentMethodId { get; init; }

    /// <summary>US dollars; rounded up to the cent (behaviour.md §5.4).</summary>
    public required decimal Amount { get; init; }

    /// <summary>What it is for, as the cardholder reads it.</summary>
    public required string Description { get; init; }

    /// <summary>Whether the cardholder is not there: nothing can be authenticated then.</summary>
    public bool IsOffSession { get; init; }

    /// <summary>Where the cardholder's bank sends the cardholder back to.</summary>
    public Uri? ReturnUrl { get; init; }

    /// <summary>Whether the cardholder is on a page of ours that runs the processor's script: where the processor has one, the bank asks there
    /// (<see cref="Payment.ActionForm"/>) instead of on a page of its own.</summary>
    public bool AuthenticatesInPage { get; init; }
}
