using System.Globalization;
using Lava.Service.Customers.Parties;

namespace Lava.Service.Invoices;

/// <summary>An issuer's details on the wire; null for what was not given.</summary>
/// <param name="LegalName">Its legal name.</param>
/// <param name="Address">Its address.</param>
/// <param name="TaxId">Its tax number.</param>
/// <param name="TaxName">What its tax is called.</param>
/// <param name="TaxRate">The rate of the tax that its prices include, percent, as a decimal string.</param>
/// <param name="NumberPrefix">What its numbers begin with.</param>
/// <param name="Footer">What stands at the foot of its documents.</param>
internal sealed record InvoiceDetailsResponse(
    string? LegalName,
    PostalAddress? Address,
    string? TaxId,
    string? TaxName,
    string? TaxRate,
    string? NumberPrefix,
    string? Footer)
{
    /// <summary>As the API shows it.</summary>
    public static InvoiceDetailsResponse Of(InvoiceDetails details) => new(
        details.LegalName,
        details.Address,
        details.TaxId,
        details.TaxName,
        details.TaxRate?.ToString("0.####", CultureInfo.InvariantCulture),
        details.NumberPrefix,
        details.Footer);
}
