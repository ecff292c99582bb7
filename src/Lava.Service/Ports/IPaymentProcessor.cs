namespace Lava.Service.Ports;

/// <summary>Charges cards and keeps them. Money is US dollars. A decline is an answer, not an exception; <see cref="PaymentProcessorException"/> means that it is not known
/// what became of a request, which is then repeated with its key.</summary>
public interface IPaymentProcessor
{
    /// <summary>Charges a card. A repeat with the same key takes no more money and returns the payment as it is now.</summary>
    ValueTask<Payment> ChargeAsync(ChargeRequest request, CancellationToken cancellationToken);

    /// <summary>A payment as it is now; null where there is none.</summary>
    ValueTask<Payment?> FindAsync(string paymentId, CancellationToken cancellationToken);

    /// <summary>Gives up a payment that waits for the customer's bank. One that has succeeded meanwhile stays so.</summary>
    ValueTask<Payment> CancelAsync(string paymentId, CancellationToken cancellationToken);

    /// <summary>Gives money back, never more than was paid. A repeat with the same key gives no more.</summary>
    ValueTask<Payment> RefundAsync(RefundRequest request, CancellationToken cancellationToken);

    /// <summary>The cards of an owner, newest first.</summary>
    ValueTask<IReadOnlyList<PaymentMethod>> ListMethodsAsync(string owner, CancellationToken cancellationToken);

    /// <summary>Adds a card; the first becomes the default.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="token">What the processor's own form has made of the card's data (<c>pm_card_visa</c> and its like in test mode).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<PaymentMethod> AddMethodAsync(string owner, string token, CancellationToken cancellationToken);

    /// <summary>Removes a card; false where there is none of that id.</summary>
    ValueTask<bool> RemoveMethodAsync(string owner, string paymentMethodId, CancellationToken cancellationToken);

    /// <summary>Makes a card the default; false where there is none of that id.</summary>
    ValueTask<bool> SetDefaultMethodAsync(string owner, string paymentMethodId, CancellationToken cancellationToken);
}
