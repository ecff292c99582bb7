using System.Globalization;
using Lava.Core.Money;
using Lava.Service.Customers.Parties;

namespace Lava.Service.Invoices.Documents;

/// <summary>What a document says, line by line: a page and a PDF say the same.</summary>
/// <param name="Title"><c>Invoice</c>, <c>Receipt</c> or <c>Credit note</c>.</param>
/// <param name="Number">Its number.</param>
/// <param name="Facts">What it is about: a label and a text each.</param>
/// <param name="Issuer">Who sold: the name first.</param>
/// <param name="Buyer">Who paid: the name first.</param>
/// <param name="Rows">What was sold: in words, more of it, the amount.</param>
/// <param name="Sums">Sums: a label and an amount each; the last is the total.</param>
/// <param name="Notes">What stands below.</param>
/// <param name="IssuedAt">When it was made out.</param>
internal sealed record InvoiceSheet(
    string Title,
    string Number,
    IReadOnlyList<(string Label, string Text)> Facts,
    IReadOnlyList<string> Issuer,
    IReadOnlyList<string> Buyer,
    IReadOnlyList<(string Text, string More, string Amount)> Rows,
    IReadOnlyList<(string Label, string Amount)> Sums,
    IReadOnlyList<string> Notes,
    DateTimeOffset IssuedAt)
{
    /// <summary>What a document says.</summary>
    public static InvoiceSheet Of(Invoice invoice)
    {
        var isCredit = invoice.Kind == InvoiceKind.CreditNote;
        List<(string, string)> facts = [("Number", invoice.Number), ("Date", Day(invoice.IssuedAt))];
        if (invoice.CreditedNumber is { } credited) facts.Add(("Credits", credited));
        facts.Add(("Payment", invoice.PaymentId));
        List<(string, string)> sums = [];
        if (invoice.TaxRate is { } rate)
        {
            sums.Add(($"Without {invoice.TaxName}", Dollars(invoice.Total - invoice.Tax)));
            sums.Add(($"{invoice.TaxName} {rate.ToString("0.####", CultureInfo.InvariantCulture)}%, included", Dollars(invoice.Tax)));
        }

        sums.Add((isCredit ? "Total, refunded" : "Total, paid by card", Dollars(invoice.Total)));
        List<string> notes = [];
        if (invoice.IsTest) notes.Add("Test mode: no real money was paid, and this is no document for tax purposes.");
        notes.Add("All amounts are in US dollars.");
        if (invoice.Footer is { } footer) notes.Add(footer);
        return new InvoiceSheet(
            isCredit ? "Credit note" : invoice.HasDetails ? "Invoice" : "Receipt",
            invoice.Number,
            facts,
            Lines(invoice.Issuer, null),
            Lines(invoice.Buyer, invoice.BuyerEmail),
            [.. invoice.Lines.Select(line => (line.Description, More(line), Dollars(line.Amount)))],
            sums,
            notes,
            invoice.IssuedAt);
    }

    private static List<string> Lines(BillingParty party, string? email)
    {
        var address = party.Address;
        var city = $"{address?.PostalCode} {address?.City}".Trim();
        string?[] lines =
        [
            party.Name, address?.Line1, address?.Line2, city, address?.State, address?.Country, party.TaxId is null ? null : "Tax ID: " + party.TaxId, email,
        ];
        return [.. lines.Where(line => !string.IsNullOrEmpty(line)).Select(line => line!).Distinct()];
    }

    // The period ends with the moment at which the next begins.
    private static string More(InvoiceLine line)
    {
        List<string> parts = [];
        if (line is { Start: { } start, End: { } end }) parts.Add($"{Day(start)} – {Day(end)}");
        if (line.Credits > 0) parts.Add($"{Amount.Trimmed(line.Credits)} credits");
        return string.Join(" · ", parts);
    }

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    private static string Dollars(decimal amount) => "$" + amount.ToString("#,##0.00", CultureInfo.InvariantCulture);
}
