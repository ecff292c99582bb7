namespace Lava.Service.Payments;

/// <summary>All cards; not in pages.</summary>
public sealed record PaymentMethodsResponse(IReadOnlyList<PaymentMethodResponse> Data);
