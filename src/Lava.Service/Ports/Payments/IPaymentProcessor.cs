namespace Lava.Service.Ports.Payments;

/// <summary>Charges cards and keeps them. Money is US dollars. A decline is an answer, not an exception; <see cref="PaymentProcessorException"/> means that it
/// is not known what became of a request, which is then repeated with its key.</summary>
public interface IPaymentProcessor
{
    /// <summary>Charges a card. A repeat with the owner's same key takes no more money and returns the payment as it is now, whatever else it asks for, for
    /// good. A card that the owner does not have is a failed payment, <c>no_payment_method</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The amount is not more than 0.</exception>
    /// <exception cref="PaymentProcessorException">It is not known whether the card was charged.</exception>
    ValueTask<Payment> ChargeAsync(ChargeRequest request, CancellationToken cancellationToken);

    /// <summary>A payment as it is now; null where there is none.</summary>
    ValueTask<Payment?> FindAsync(string paymentId, CancellationToken cancellationToken);

    /// <summary>Gives up a payment that waits for the customer's bank. One that has ended stays as it is.</summary>
    /// <exception cref="ArgumentException">There is no such payment.</exception>
    ValueTask<Payment> CancelAsync(string paymentId, CancellationToken cancellationToken);

    /// <summary>Gives money back, at most what is left of what was paid, and nothing for a payment that did not succeed. A repeat with the same key gives no
    /// more.</summary>
    /// <exception cref="ArgumentException">There is no such payment, or the amount is not more than 0 in whole cents.</exception>
    ValueTask<Payment> RefundAsync(RefundRequest request, CancellationToken cancellationToken);

    /// <summary>The cards of an owner, newest first, at most 100.</summary>
    ValueTask<IReadOnlyList<PaymentMethod>> ListMethodsAsync(string owner, CancellationToken cancellationToken);

    /// <summary>Adds a card; it becomes the default where the owner has none. Stripe refuses to keep most cards that decline.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="token">What the processor's own form has made of the card's data (<c>pm_card_visa</c> and its like in test mode).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">There is no such token.</exception>
    ValueTask<AddedMethod> AddMethodAsync(string owner, string token, CancellationToken cancellationToken);

    /// <summary>Removes a card; false where the owner has none of that id. If it was the default, no other becomes it.</summary>
    ValueTask<bool> RemoveMethodAsync(string owner, string paymentMethodId, CancellationToken cancellationToken);

    /// <summary>Makes a card the default; false where the owner has none of that id.</summary>
    ValueTask<bool> SetDefaultMethodAsync(string owner, string paymentMethodId, CancellationToken cancellationToken);

    /// <summary>Begins to collect a card on the processor's own page.</summary>
    /// <param name="owner">Whose card it becomes, and the default where the owner has none.</param>
    /// <param name="returnUrl">Where the page sends the cardholder afterwards, absolute; with <c>setup_id</c> in its query where a card was given.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">No processor serves the owner's mode.</exception>
    ValueTask<CardSetup> CreateSetupAsync(string owner, Uri returnUrl, CancellationToken cancellationToken);

    /// <summary>Whether an owner's cards can be given in the processor's form in a page of ours.</summary>
    bool HasForm(string owner);

    /// <summary>Begins to collect a card in the processor's form in a page of ours: what it needs is in <see cref="CardSetup.Form"/>, also when the setup is
    /// found again.</summary>
    /// <param name="owner">Whose card it becomes, and the default where the owner has none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">The processor has no such form.</exception>
    ValueTask<CardSetup> CreateFormAsync(string owner, CancellationToken cancellationToken);

    /// <summary>The collection of a card as it is now; null where the owner has none of that id. Whoever waits for one asks after the cardholder has come
    /// back.</summary>
    ValueTask<CardSetup?> FindSetupAsync(string owner, string setupId, CancellationToken cancellationToken);
}
