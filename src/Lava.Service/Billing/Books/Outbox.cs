using Lava.Service.Billing.Subscriptions;
using Lava.Service.Ledger.Books;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Billing.Books;

/// <summary>Does what changes of a customer's book have left to be done, oldest first, and takes it off the list when it is done.</summary>
public sealed class Outbox(ITableStore tables, SubscriptionIndex index, IBillingEvents events, IPaymentProcessor processor, IInvoicing invoices)
{
    /// <summary>Does all that is left for a customer; safe to run twice, also at once.</summary>
    public async ValueTask PerformAsync(BillingOwner owner, CancellationToken cancellationToken)
    {
        var partition = owner.Book.Partition;
        var rows = await tables.QueryAsync(TableNames.Books, partition, KeyRange.Prefix(BookRows.OutboxPrefix), TableLimits.MaxWrites, cancellationToken);
        foreach (var row in rows)
        {
            foreach (var effect in Json.Read(row.Data, BillingJson.Default.IReadOnlyListOutboxItem)) await PerformAsync(owner, effect, cancellationToken);
            await tables.CommitAsync(TableNames.Books, partition, [TableWrite.Delete(row.Key)], cancellationToken);
        }
    }

    private async ValueTask PerformAsync(BillingOwner owner, OutboxItem effect, CancellationToken cancellationToken)
    {
        switch (effect.Kind)
        {
            case OutboxItemKind.ListActive:
                await index.OpenAsync(owner.Tenant, effect.Id, owner.CustomerId, cancellationToken);
                break;
            case OutboxItemKind.ListCancelled:
                await index.EndAsync(owner.Tenant, effect.Id, owner.CustomerId, cancellationToken);
                break;
            case OutboxItemKind.Refund:
                await processor.RefundAsync(new RefundRequest(effect.Key ?? effect.Id, effect.Id, effect.Amount), cancellationToken);
                break;
            case OutboxItemKind.Invoice:
                await invoices.IssueAsync(owner.Tenant, owner.CustomerId, effect.Sale!, cancellationToken);
                break;
            case OutboxItemKind.CreditNote:
                await invoices.CreditAsync(owner.Tenant, owner.CustomerId, effect.Id, effect.Amount, effect.At, cancellationToken);
                break;
            default:
                await events.TellAsync(owner.Tenant, owner.CustomerId, effect.Event!, effect.Id, effect.Details, cancellationToken);
                break;
        }
    }
}
