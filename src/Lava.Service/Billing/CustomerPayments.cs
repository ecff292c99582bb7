using Lava.Service.Payments;
using Lava.Service.Ports;

namespace Lava.Service.Billing;

/// <summary>Goes on with a customer's billing when a payment that waited for the customer's bank has ended. One that nobody waits for any more, because the customer was deleted meanwhile, is given back.</summary>
public sealed class CustomerPayments(Biller biller, BillingBooks books, IPaymentProcessor processor) : IPaymentListener
{
    /// <inheritdoc/>
    public async ValueTask PaymentEndedAsync(StoredPayment payment, CancellationToken cancellationToken)
    {
        var (tenant, customerId) = PaymentOwners.Read(payment.Owner);
        if (customerId is null || await books.ReadAsync(tenant, customerId, cancellationToken) is not { } state) return;
        var owner = new BillingOwner(tenant, customerId, state.Head.TestClockId);
        if (state.Subscription.Paying?.Key == payment.Key)
        {
            await biller.FinishPaymentAsync(owner, payment.Key, cancellationToken);
            return;
        }

        // Only the payment that is waited for can be booked, so one that is neither waited for nor booked never will be.
        var (id, amount) = (payment.Payment.Id, payment.Payment.Amount);
        if (payment.Payment.Status == PaymentStatus.Succeeded && !await books.IsPaidAsync(owner, id, cancellationToken))
            await processor.RefundAsync(new RefundRequest("unclaimed:" + id, id, amount), cancellationToken);
    }
}
