using Lava.Service.Customers.Parties;

namespace Lava.Service.Invoices;

// Shapes of request bodies in the API's document. Bodies are read member by member, so that one response lists all that is wrong with one.
#pragma warning disable CA1812 // Made by nobody: the document is made from their types.

internal sealed record InvoiceDetailsBody(
    string? LegalName = null,
    PostalAddress? Address = null,
    string? TaxId = null,
    string? TaxName = null,
    string? TaxRate = null,
    string? NumberPrefix = null,
    string? Footer = null);
