namespace Lava.Service.Payments;

/// <summary>A card on the wire (rest-api.md §16.3).</summary>
internal sealed record PaymentMethodResponse(
    string PaymentMethodId,
    string Last4,
    string ExpiryMonth,
    string ExpiryYear,
    string Brand,
    bool IsDefault,
    bool HasError,
    string? ErrorCode,
    string? ErrorMessage,
    DateTimeOffset? ErrorAt);
