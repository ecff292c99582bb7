namespace Lava.Service.Payments;

/// <summary>All cards; not in pages.</summary>
internal sealed record PaymentMethodsResponse(IReadOnlyList<PaymentMethodResponse> Data);
