using Lava.Service.Ports.Payments;

namespace Lava.Service.Payments;

/// <summary>Hears of payments that have waited for their cardholder and have ended.</summary>
public interface IPaymentListener
{
    /// <summary>A payment has ended. It is told again until it returns, may be told several times, also at once, and may be somebody else's.</summary>
    /// <param name="payment">The payment, succeeded or failed.</param>
    /// <param name="key">The key with which it was asked for.</param>
    /// <param name="owner">Whose card (<see cref="PaymentOwners"/>).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask PaymentEndedAsync(Payment payment, string key, string owner, CancellationToken cancellationToken);
}
