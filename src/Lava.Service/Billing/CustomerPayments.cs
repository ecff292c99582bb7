using Lava.Service.Payments;
using Lava.Service.Ports;

namespace Lava.Service.Billing;

/// <summary>Goes on with a customer's billing when a payment that waited for the customer's bank has ended. One that nobody waits for any more, because the customer was deleted meanwhile, is given back.</summary>
public sealed class CustomerPayments(Biller biller, BillingBooks books, IPaymentProcessor processor) : IPaymentListener
{
    /// <inheritdoc/>
    public async ValueTask PaymentEndedAsync(Payment payment, string key, string owner, CancellationToken cancellationToken)
    {
        var (tenant, customerId) = PaymentOwners.Read(owner);
        if (customerId is null || await books.ReadAsync(tenant, customerId, cancellationToken) is not { } state) return;
        var customer = new BillingOwner(tenant, customerId, state.Head.TestClockId);
        if (state.Subscription.Paying?.Key == key)
        {
            await biller.FinishPaymentAsync(customer, key, cancellationToken);
            return;
        }

        // Only the payment that is waited for can be booked, so one that is neither waited for nor booked never will be.
        if (payment.Status == PaymentStatus.Succeeded && !await books.IsPaidAsync(customer, payment.Id, cancellationToken))
            await processor.RefundAsync(new RefundRequest("unclaimed:" + payment.Id, payment.Id, payment.Amount), cancellationToken);
    }
}
