using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Payments.Simulator;
using Lava.Service.Ports.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Payments;

/// <summary>The processor of each mode: the simulator for test mode; for live mode the one that the head has registered under <see cref="Live"/>, if any.
/// Without one, live owners have no cards and nothing is charged.</summary>
public sealed class ProcessorByMode(
    SimulatedProcessor simulator,
    TimeProvider time,
    [FromKeyedServices(ProcessorByMode.Live)] IPaymentProcessor? live = null) : IPaymentProcessor
{
    /// <summary>Key of the service that charges cards in live mode.</summary>
    public const string Live = "live";

    /// <summary>Whether cards can be charged in that mode.</summary>
    public bool Serves(Mode mode) => mode == Mode.Test || live is not null;

    /// <inheritdoc/>
    public async ValueTask<Payment> ChargeAsync(ChargeRequest request, CancellationToken cancellationToken)
    {
        if (For(request.Owner) is { } processor) return await processor.ChargeAsync(request, cancellationToken);
        var now = time.GetUtcNow();
        return new Payment
        {
            Id = Id.Create("pay", Mode.Live, now),
            Status = PaymentStatus.Failed,
            Amount = Math.Ceiling(request.Amount * 100) / 100,
            DeclineCode = Decline.NoCard.Code,
            Message = Decline.NoCard.Message,
            CreatedAt = now,
        };
    }

    /// <inheritdoc/>
    public async ValueTask<Payment?> FindAsync(string paymentId, CancellationToken cancellationToken) =>
        Of(paymentId) is { } processor ? await processor.FindAsync(paymentId, cancellationToken) : null;

    /// <inheritdoc/>
    public ValueTask<Payment> CancelAsync(string paymentId, CancellationToken cancellationToken) =>
        Existing(paymentId).CancelAsync(paymentId, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Payment> RefundAsync(RefundRequest request, CancellationToken cancellationToken) =>
        Existing(request.PaymentId).RefundAsync(request, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<PaymentMethod>> ListMethodsAsync(string owner, CancellationToken cancellationToken) =>
        For(owner) is { } processor ? await processor.ListMethodsAsync(owner, cancellationToken) : [];

    /// <inheritdoc/>
    public ValueTask<AddedMethod> AddMethodAsync(string owner, string token, CancellationToken cancellationToken) =>
        Serving(owner).AddMethodAsync(owner, token, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> RemoveMethodAsync(string owner, string paymentMethodId, CancellationToken cancellationToken) =>
        For(owner) is { } processor && await processor.RemoveMethodAsync(owner, paymentMethodId, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> SetDefaultMethodAsync(string owner, string paymentMethodId, CancellationToken cancellationToken) =>
        For(owner) is { } processor && await processor.SetDefaultMethodAsync(owner, paymentMethodId, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<CardSetup> CreateSetupAsync(string owner, Uri returnUrl, CancellationToken cancellationToken) =>
        Serving(owner).CreateSetupAsync(owner, returnUrl, cancellationToken);

    /// <inheritdoc/>
    public bool HasForm(string owner) => For(owner)?.HasForm(owner) ?? false;

    /// <inheritdoc/>
    public ValueTask<CardSetup> CreateFormAsync(string owner, CancellationToken cancellationToken) => Serving(owner).CreateFormAsync(owner, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<CardSetup?> FindSetupAsync(string owner, string setupId, CancellationToken cancellationToken) =>
        For(owner) is { } processor ? await processor.FindSetupAsync(owner, setupId, cancellationToken) : null;

    private IPaymentProcessor Serving(string owner) => For(owner) ?? throw new InvalidOperationException("No payment processor is configured for live mode.");

    private IPaymentProcessor? For(string owner) => PaymentOwners.Read(owner).Tenant.Mode == Mode.Test ? simulator : live;

    private IPaymentProcessor? Of(string paymentId) => Id.TryGetUlid(paymentId, "pay", Mode.Test, out _) ? simulator : live;

    private IPaymentProcessor Existing(string paymentId) => Of(paymentId) ?? throw new ArgumentException("There is no such payment.", nameof(paymentId));
}
