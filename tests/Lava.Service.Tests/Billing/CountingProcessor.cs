using Lava.Service.Ports.Payments;

namespace Lava.Service.Tests.Billing;

/// <summary>A processor that counts how often it is asked to charge.</summary>
public sealed class CountingProcessor(IPaymentProcessor inner) : IPaymentProcessor
{
    /// <summary>How often it was asked.</summary>
    public int Charges { get; set; }

    public ValueTask<Payment> ChargeAsync(ChargeRequest request, CancellationToken cancellationToken)
    {
        Charges++;
        return inner.ChargeAsync(request, cancellationToken);
    }

    public ValueTask<Payment?> FindAsync(string paymentId, CancellationToken cancellationToken) => inner.FindAsync(paymentId, cancellationToken);

    public ValueTask<Payment> CancelAsync(string paymentId, CancellationToken cancellationToken) => inner.CancelAsync(paymentId, cancellationToken);

    public ValueTask<Payment> RefundAsync(RefundRequest request, CancellationToken cancellationToken) => inner.RefundAsync(request, cancellationToken);

    public ValueTask<IReadOnlyList<PaymentMethod>> ListMethodsAsync(string owner, CancellationToken cancellationToken) =>
        inner.ListMethodsAsync(owner, cancellationToken);

    public ValueTask<AddedMethod> AddMethodAsync(string owner, string token, CancellationToken cancellationToken) =>
        inner.AddMethodAsync(owner, token, cancellationToken);

    public ValueTask<bool> RemoveMethodAsync(string owner, string paymentMethodId, CancellationToken cancellationToken) =>
        inner.RemoveMethodAsync(owner, paymentMethodId, cancellationToken);

    public ValueTask<bool> SetDefaultMethodAsync(string owner, string paymentMethodId, CancellationToken cancellationToken) =>
        inner.SetDefaultMethodAsync(owner, paymentMethodId, cancellationToken);

    public ValueTask<CardSetup> CreateSetupAsync(string owner, Uri returnUrl, CancellationToken cancellationToken) =>
        inner.CreateSetupAsync(owner, returnUrl, cancellationToken);

    public bool HasForm(string owner) => inner.HasForm(owner);

    public ValueTask<CardSetup> CreateFormAsync(string owner, CancellationToken cancellationToken) => inner.CreateFormAsync(owner, cancellationToken);

    public ValueTask<CardSetup?> FindSetupAsync(string owner, string setupId, CancellationToken cancellationToken) =>
        inner.FindSetupAsync(owner, setupId, cancellationToken);
}
