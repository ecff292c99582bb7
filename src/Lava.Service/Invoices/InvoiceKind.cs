namespace Lava.Service.Invoices;

/// <summary>Kinds of documents.</summary>
public enum InvoiceKind
{
    /// <summary>What was sold and paid.</summary>
    Invoice,

    /// <summary>What was given back of an invoice.</summary>
    CreditNote,
}
