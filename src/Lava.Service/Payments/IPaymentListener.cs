namespace Lava.Service.Payments;

/// <summary>Hears of payments that have waited for their cardholder and have ended. What is not heard here is found later by whoever began the payment.</summary>
public interface IPaymentListener
{
    /// <summary>A payment has ended; it may be told twice, and may be somebody else's.</summary>
    ValueTask PaymentEndedAsync(StoredPayment payment, CancellationToken cancellationToken);
}
