namespace Lava.Service.Ports.Payments;

/// <summary>A refund.</summary>
/// <param name="Key">Idempotency key.</param>
/// <param name="PaymentId">The payment.</param>
/// <param name="Amount">US dollars.</param>
public sealed record RefundRequest(string Key, string PaymentId, decimal Amount);
