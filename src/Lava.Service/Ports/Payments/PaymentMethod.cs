namespace Lava.Service.Ports.Payments;

/// <summary>A card that is kept at the payment processor.</summary>
public sealed record PaymentMethod
{
    /// <summary><c>pm_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its last four digits.</summary>
    public required string Last4 { get; init; }

    /// <summary>Month of its end, <c>01</c> to <c>12</c>.</summary>
    public required string ExpiryMonth { get; init; }

    /// <summary>Year of its end, four digits.</summary>
    public required string ExpiryYear { get; init; }

    /// <summary>Its brand (<c>visa</c>).</summary>
    public required string Brand { get; init; }

    /// <summary>Whether it is charged where none is named.</summary>
    public bool IsDefault { get; init; }

    /// <summary>Why its last charge failed; null where it did not.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The same as a sentence.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>When it failed.</summary>
    public DateTimeOffset? ErrorAt { get; init; }
}
