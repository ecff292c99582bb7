using Lava.Service.Customers.Parties;

namespace Lava.Service.Invoices;

/// <summary>An invoice or a credit note. All that it says was written down when it was made, and stays as it is.</summary>
public sealed record Invoice
{
    /// <summary><c>inv_…</c>; empty until it is stored.</summary>
    public string Id { get; init; } = "";

    /// <summary>Its number in the issuer's series, without a gap before it; empty until it is stored.</summary>
    public string Number { get; init; } = "";

    /// <summary>What it is.</summary>
    public InvoiceKind Kind { get; init; }

    /// <summary>Whose list it is on: a customer's id; for a wallet's the merchant's tenant.</summary>
    public required string Owner { get; init; }

    /// <summary>The payment.</summary>
    public required string PaymentId { get; init; }

    /// <summary>The invoice that a credit note belongs to; null for an invoice.</summary>
    public string? CreditedId { get; init; }

    /// <summary>Its number.</summary>
    public string? CreditedNumber { get; init; }

    /// <summary>When it was made out.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Who sold.</summary>
    public required BillingParty Issuer { get; init; }

    /// <summary>Whether the issuer had given its details: without them it is a receipt.</summary>
    public bool HasDetails { get; init; }

    /// <summary>Who paid.</summary>
    public required BillingParty Buyer { get; init; }

    /// <summary>The buyer's mail address; null where unknown.</summary>
    public string? BuyerEmail { get; init; }

    /// <summary>What was sold.</summary>
    public required IReadOnlyList<InvoiceLine> Lines { get; init; }

    /// <summary>US dollars, tax included.</summary>
    public required decimal Total { get; init; }

    /// <summary>The tax in it, US dollars.</summary>
    public decimal Tax { get; init; }

    /// <summary>The tax's rate, percent; null where no tax is shown.</summary>
    public decimal? TaxRate { get; init; }

    /// <summary>What the tax is called.</summary>
    public string? TaxName { get; init; }

    /// <summary>What stands at its foot.</summary>
    public string? Footer { get; init; }

    /// <summary>Whether no real money was paid.</summary>
    public bool IsTest { get; init; }

    /// <summary>How much of an invoice is on credit notes, US dollars, tax included.</summary>
    public decimal Credited { get; init; }

    /// <summary>The tax of that.</summary>
    public decimal CreditedTax { get; init; }
}
