using Lava.Service.Payments;

namespace Lava.Service.Billing;

/// <summary>Goes on with a customer's billing when a payment that waited for the customer's bank has ended.</summary>
public sealed class CustomerPayments(Biller biller, BillingBooks books) : IPaymentListener
{
    /// <inheritdoc/>
    public async ValueTask PaymentEndedAsync(StoredPayment payment, CancellationToken cancellationToken)
    {
        var (tenant, customerId) = PaymentOwners.Read(payment.Owner);
        if (customerId is null || await books.ReadAsync(tenant, customerId, cancellationToken) is not { } state) return;
        await biller.FinishPaymentAsync(new BillingOwner(tenant, customerId, state.Head.TestClockId), payment.Key, cancellationToken);
    }
}
