using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Tables;

namespace Lava.Functions.Payments;

/// <summary>The payments port over Stripe, for live mode: customers, cards, PaymentIntents and refunds by its API, and in the owner's partition of the tables
/// what must not be lost between a request and its answer.</summary>
internal sealed class StripeProcessor : IPaymentProcessor
{
    private readonly StripeSetups _setups;
    private readonly StripeRefunds _refunds;

    public StripeProcessor(ITableStore tables, StripeAccess stripe, TimeProvider time)
    {
        var customers = new StripeCustomers(tables, stripe, time);
        Cards = new StripeCards(tables, stripe, customers);
        Charges = new StripeCharges(tables, stripe, Cards, time);
        _setups = new StripeSetups(stripe, customers, Cards);
        _refunds = new StripeRefunds(tables, stripe, Charges, time);
    }

    /// <summary>Its cards, for what Stripe reports of them.</summary>
    public StripeCards Cards { get; }

    /// <summary>Its payments, for what Stripe reports of them.</summary>
    public StripeCharges Charges { get; }

    public ValueTask<Payment> ChargeAsync(ChargeRequest request, CancellationToken cancellationToken) => Charges.ChargeAsync(request, cancellationToken);

    public ValueTask<Payment?> FindAsync(string paymentId, CancellationToken cancellationToken) => Charges.FindAsync(paymentId, cancellationToken);

    public ValueTask<Payment> CancelAsync(string paymentId, CancellationToken cancellationToken) => Charges.CancelAsync(paymentId, cancellationToken);

    public ValueTask<Payment> RefundAsync(RefundRequest request, CancellationToken cancellationToken) => _refunds.RefundAsync(request, cancellationToken);

    public ValueTask<IReadOnlyList<PaymentMethod>> ListMethodsAsync(string owner, CancellationToken cancellationToken) =>
        Cards.ListAsync(owner, cancellationToken);

    public ValueTask<AddedMethod> AddMethodAsync(string owner, string token, CancellationToken cancellationToken) =>
        Cards.AddAsync(owner, token, cancellationToken);

    public ValueTask<bool> RemoveMethodAsync(string owner, string paymentMethodId, CancellationToken cancellationToken) =>
        Cards.RemoveAsync(owner, paymentMethodId, cancellationToken);

    public ValueTask<bool> SetDefaultMethodAsync(string owner, string paymentMethodId, CancellationToken cancellationToken) =>
        Cards.SetDefaultAsync(owner, paymentMethodId, cancellationToken);

    public ValueTask<CardSetup> CreateSetupAsync(string owner, Uri returnUrl, CancellationToken cancellationToken) =>
        _setups.CreateAsync(owner, returnUrl, cancellationToken);

    public bool HasForm(string owner) => _setups.HasForm;

    public ValueTask<CardSetup> CreateFormAsync(string owner, CancellationToken cancellationToken) => _setups.CreateFormAsync(owner, cancellationToken);

    public ValueTask<CardSetup?> FindSetupAsync(string owner, string setupId, CancellationToken cancellationToken) =>
        _setups.FindAsync(owner, setupId, cancellationToken);
}
