namespace Lava.Service.Reporting.LedgerEntries;

/// <summary>A payment by a customer's card that was booked, our own addition. Amounts are US dollars.</summary>
/// <param name="PaymentId"><c>pay_…</c>.</param>
/// <param name="Status"><c>succeeded</c>, <c>partially_refunded</c>, <c>refunded</c> or <c>disputed</c>.</param>
/// <param name="Purpose"><c>subscription</c> or <c>credits</c>; null for payments that were booked before this was kept.</param>
/// <param name="Amount">What was paid.</param>
/// <param name="Refunded">What was given back.</param>
/// <param name="Disputed">What the cardholder's bank has taken back.</param>
/// <param name="EntryId">Its ledger entry, <c>le_…</c>; null for payments that were booked before this was kept.</param>
/// <param name="InvoiceId">Its invoice, <c>inv_…</c>; null for payments that were booked before invoices were made.</param>
/// <param name="CreatedAt">When it was booked.</param>
internal sealed record CustomerPaymentResponse(
    string PaymentId,
    string Status,
    string? Purpose,
    string Amount,
    string Refunded,
    string Disputed,
    string? EntryId,
    string? InvoiceId,
    DateTimeOffset CreatedAt);
