using System.Globalization;
using Lava.Core.Money;
using Lava.Service.Customers.Parties;

namespace Lava.Service.Invoices;

/// <summary>An invoice or a credit note on the wire. Amounts are US dollars.</summary>
/// <param name="InvoiceId"><c>inv_…</c>.</param>
/// <param name="Number">Its number in the issuer's series.</param>
/// <param name="Type"><c>invoice</c> or <c>credit_note</c>.</param>
/// <param name="CustomerId">Who paid; null for a wallet's.</param>
/// <param name="PaymentId"><c>pay_…</c>.</param>
/// <param name="CreditedInvoiceId">The invoice that a credit note belongs to; null for an invoice.</param>
/// <param name="IssuedAt">When it was made out.</param>
/// <param name="Currency"><c>usd</c>.</param>
/// <param name="Total">Tax included.</param>
/// <param name="Net">Without the tax.</param>
/// <param name="Tax">The tax.</param>
/// <param name="TaxName">What the tax is called; null where none is shown.</param>
/// <param name="TaxRate">Its rate in percent; null where none is shown.</param>
/// <param name="Credited">How much of an invoice is on credit notes.</param>
/// <param name="Issuer">Who sold.</param>
/// <param name="Buyer">Who paid.</param>
/// <param name="BuyerEmail">The buyer's mail address; null where unknown.</param>
/// <param name="Lines">What was sold.</param>
/// <param name="Footer">What stands at its foot; null for nothing.</param>
internal sealed record InvoiceResponse(
    string InvoiceId,
    string Number,
    string Type,
    string? CustomerId,
    string PaymentId,
    string? CreditedInvoiceId,
    DateTimeOffset IssuedAt,
    string Currency,
    string Total,
    string Net,
    string Tax,
    string? TaxName,
    string? TaxRate,
    string Credited,
    BillingParty Issuer,
    BillingParty Buyer,
    string? BuyerEmail,
    IReadOnlyList<InvoiceLineResponse> Lines,
    string? Footer)
{
    /// <summary>As the API shows it.</summary>
    public static InvoiceResponse Of(Invoice invoice) => new(
        invoice.Id,
        invoice.Number,
        invoice.Kind == InvoiceKind.Invoice ? "invoice" : "credit_note",
        invoice.Owner.StartsWith("con_", StringComparison.Ordinal) ? invoice.Owner : null,
        invoice.PaymentId,
        invoice.CreditedId,
        invoice.IssuedAt,
        "usd",
        Amount.Trimmed(invoice.Total),
        Amount.Trimmed(invoice.Total - invoice.Tax),
        Amount.Trimmed(invoice.Tax),
        invoice.TaxRate is null ? null : invoice.TaxName,
        invoice.TaxRate?.ToString("0.####", CultureInfo.InvariantCulture),
        Amount.Trimmed(invoice.Credited),
        invoice.Issuer,
        invoice.Buyer,
        invoice.BuyerEmail,
        [.. invoice.Lines.Select(line => new InvoiceLineResponse(
            line.Description, Amount.Trimmed(line.Amount), line.Credits == 0 ? null : Amount.Trimmed(line.Credits), line.Start, line.End))],
        invoice.Footer);
}
