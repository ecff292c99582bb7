using Lava.Core.Ledger;
using Lava.Core.Money;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Clocks;
using Lava.Service.Ledger.Books;
using Lava.Service.Payments;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Lava.Service.Webhooks;

namespace Lava.Service.Billing;

/// <summary>Goes on with a customer's billing when a payment that waited for the customer's bank has ended, and books what was given back or is disputed. One
/// that nobody waits for any more, because the customer was deleted meanwhile, is given back.</summary>
internal sealed class CustomerPayments(Biller biller, BillingBooks books, ITableStore tables, IPaymentProcessor processor, ClockTime clocks) : IPaymentListener
{
    /// <inheritdoc/>
    public async ValueTask PaymentEndedAsync(Payment payment, string key, string owner, CancellationToken cancellationToken)
    {
        var (tenant, customerId) = PaymentOwners.Read(owner);
        if (customerId is null || await books.ReadAsync(tenant, customerId, cancellationToken) is not { } state) return;
        var customer = new BillingOwner(tenant, customerId, state.Head.TestClockId);
        if (state.Subscription.Paying?.Key == key)
        {
            await biller.FinishPaymentAsync(customer, key, payment, cancellationToken);
            return;
        }

        if (payment.Status != PaymentStatus.Succeeded) return;
        if (await books.IsPaidAsync(customer, payment.Id, cancellationToken))
        {
            await BookRefundedAsync(customer, payment, cancellationToken);
            await BookDisputeAsync(customer, payment, cancellationToken);
            return;
        }

        // Only the payment that is waited for can be booked, so one that is neither waited for nor booked never will be.
        await processor.RefundAsync(new RefundRequest("unclaimed:" + payment.Id, payment.Id, payment.Amount), cancellationToken);
    }

    // What was given back at the processor and not here; what is given back here is booked before the processor hears of it.
    private async ValueTask BookRefundedAsync(BillingOwner owner, Payment payment, CancellationToken cancellationToken)
    {
        if (payment.Refunded <= 0) return;

        // Before refunds were counted in parts, one was booked under this marker.
        var isOld = await tables.GetAsync(TableNames.Books, owner.Book.Partition, BookRows.Paid("refund|" + payment.Id), cancellationToken) is not null;
        var rowKey = BookRows.GivenBack(payment.Id);
        var now = await clocks.NowAsync(owner.Tenant, owner.ClockId, cancellationToken);
        await biller.ApplyAsync(owner, now, rowKey, (edit, before, row) =>
        {
            var booked = row is { } known ? Json.Read(known, BillingJson.Default.Decimal) : isOld ? payment.Refunded : 0;
            var due = payment.Refunded - booked;
            if (before is null || due <= 0) return null;
            edit.Post(EntryReason.Refund, payment.Id, new Posting(Account.Payments, due), new Posting(Account.Refunds, -due));
            return new BillingChange(before, [OutboxItem.Credit(payment.Id, payment.Refunded, now)])
            {
                Rows = [TableWrite.Put(rowKey, Json.Write(payment.Refunded, BillingJson.Default.Decimal))],
            };
        }, cancellationToken);
    }

    private async ValueTask BookDisputeAsync(BillingOwner owner, Payment payment, CancellationToken cancellationToken)
    {
        if (payment.Dispute is not { } dispute) return;
        var rowKey = BookRows.CardDisputed(payment.Id);
        var now = await clocks.NowAsync(owner.Tenant, owner.ClockId, cancellationToken);
        var name = dispute.Status switch { DisputeStatus.Open =>
            EventNames.DisputeCreated, DisputeStatus.Won => EventNames.DisputeWon, _ => EventNames.DisputeLost };

        // The event's id names the payment and what became of the dispute, so that it is told once though nothing moves when a dispute is lost.
        var told = OutboxItem.Tell(name, payment.Id, ("payment_id", payment.Id), ("amount", Amount.Trimmed(dispute.Amount)), ("reason", dispute.Reason));
        await biller.ApplyAsync(owner, now, rowKey, (edit, before, row) =>
        {
            if (before is null) return null;
            var booked = row is { } known ? Json.Read(known, BillingJson.Default.Decimal) : 0;
            var due = dispute.Withdrawn - booked;
            if (due == 0) return new BillingChange(before, [told]);
            edit.Post(
                due > 0 ? EntryReason.CardDispute : EntryReason.CardDisputeReversal,
                payment.Id,
                new Posting(Account.Payments, due),
                new Posting(Account.Disputes, -due));
            return new BillingChange(before, [told]) { Rows = [TableWrite.Put(rowKey, Json.Write(dispute.Withdrawn, BillingJson.Default.Decimal))] };
        }, cancellationToken);
    }
}
