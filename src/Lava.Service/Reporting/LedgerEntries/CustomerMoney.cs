using System.Text.Json;
using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Core.Money;
using Lava.Service.Api.Lists;
using Lava.Service.Billing.Books;
using Lava.Service.Invoices;
using Lava.Service.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Reporting.LedgerEntries;

/// <summary>Shows a customer's credits lot by lot, and the payments of the customer's cards.</summary>
internal sealed class CustomerMoney(BillingBooks books, ITableStore tables, IPaymentProcessor processor, InvoiceStore invoices)
{
    /// <summary>The credits that are left, in the order in which they are spent; null where the cursor is none of this list.</summary>
    public async ValueTask<ListResponse<CreditLotResponse>?> ListLotsAsync(
        Tenant tenant,
        string customerId,
        ListQuery page,
        CancellationToken cancellationToken)
    {
        List<CreditLot> lots = [.. (await books.ReadAsync(tenant, customerId, cancellationToken))?.Head.Lots ?? []];
        var from = page.Cursor is null ? 0 : lots.FindIndex(lot => EntryId.Of(customerId, lot.Number) == page.Cursor) + 1;
        if (page.Cursor is not null && from == 0) return null;
        var onPage = lots.Skip(from).Take(page.Limit + 1);
        var shown = await Task.WhenAll(onPage.Select(lot => ShowAsync(tenant, customerId, lot, cancellationToken)));
        return Paging.Of<CreditLotResponse>(shown, page.Limit, lot => lot.CreditLotId);
    }

    /// <summary>The booked payments, newest first; null where the cursor is none of this list.</summary>
    public async ValueTask<ListResponse<CustomerPaymentResponse>?> ListPaymentsAsync(
        Tenant tenant,
        string customerId,
        ListQuery page,
        CancellationToken cancellationToken)
    {
        if (await books.ListPaidAsync(tenant, customerId, page, cancellationToken) is not { } paid) return null;
        var shown = await Task.WhenAll(paid.Select(payment => ShowAsync(tenant, customerId, payment.PaymentId, payment.Payment, cancellationToken)));
        return Paging.Of<CustomerPaymentResponse>(shown, page.Limit, payment => payment.PaymentId);
    }

    private async Task<CreditLotResponse> ShowAsync(Tenant tenant, string customerId, CreditLot lot, CancellationToken cancellationToken)
    {
        var entry = await ReadAsync(tenant, customerId, lot.Number, cancellationToken);
        return new CreditLotResponse(
            EntryId.Of(customerId, lot.Number),
            JsonNamingPolicy.SnakeCaseLower.ConvertName(lot.Kind.ToString()),
            LedgerList.Word(entry.Reason),
            entry.Reason == EntryReason.Adjustment ? entry.Cause : null,
            Amount.Trimmed(entry.Postings.First(posting => posting.Account == Account.Credits).Amount),
            Amount.Trimmed(lot.Amount),
            entry.At,
            lot.ExpiresAt);
    }

    private async Task<CustomerPaymentResponse> ShowAsync(
        Tenant tenant,
        string customerId,
        string paymentId,
        BookedPayment? booked,
        CancellationToken cancellationToken)
    {
        var (given, disputed) = await books.ReadTakenBackAsync(tenant, customerId, paymentId, cancellationToken);
        string? purpose = null;
        decimal amount;
        DateTimeOffset at;
        if (booked is not null)
        {
            var entry = await ReadAsync(tenant, customerId, booked.Entry, cancellationToken);
            purpose = entry.Postings.Any(posting => posting.Account == Account.SubscriptionFees) ? "subscription" : "credits";
            (amount, at) = (booked.Amount, booked.At);
        }
        else
        {
            var payment = await processor.FindAsync(paymentId, cancellationToken)
                ?? throw new InvalidOperationException("A booked payment is unknown to the processor.");
            (amount, at) = (payment.Amount, payment.CreatedAt);
            given = Math.Max(given, payment.Refunded);
        }

        var status = disputed > 0 ? "disputed" : given >= amount ? "refunded" : given > 0 ? "partially_refunded" : "succeeded";
        return new CustomerPaymentResponse(
            paymentId,
            status,
            purpose,
            Amount.Trimmed(amount),
            Amount.Trimmed(given),
            Amount.Trimmed(disputed),
            booked is null ? null : EntryId.Of(customerId, booked.Entry),
            await invoices.FindIdAsync(tenant.Partition, paymentId, cancellationToken),
            at);
    }

    private async ValueTask<Entry> ReadAsync(Tenant tenant, string customerId, long sequence, CancellationToken cancellationToken)
    {
        var partition = BookKey.Customer(tenant, customerId).Partition;
        var row = await tables.GetAsync(TableNames.Books, partition, BookRows.Entry(sequence), cancellationToken)
            ?? throw new InvalidOperationException("A book lacks an entry that it names.");
        return Json.Read(row.Data, LedgerJson.Default.Entry);
    }
}
