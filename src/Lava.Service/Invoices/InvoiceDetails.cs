using Lava.Service.Customers.Parties;

namespace Lava.Service.Invoices;

/// <summary>What an issuer's invoices say of it.</summary>
/// <param name="LegalName">Its legal name; null where none was given.</param>
/// <param name="Address">Its address; null where none was given.</param>
/// <param name="TaxId">Its tax number.</param>
/// <param name="TaxName">What its tax is called; null for "Tax".</param>
/// <param name="TaxRate">The rate of the tax that its prices include, percent; null where its invoices show no tax.</param>
/// <param name="NumberPrefix">What its numbers begin with; null for the mode's own.</param>
/// <param name="Footer">What stands at the foot of its documents.</param>
public sealed record InvoiceDetails(
    string? LegalName = null,
    PostalAddress? Address = null,
    string? TaxId = null,
    string? TaxName = null,
    decimal? TaxRate = null,
    string? NumberPrefix = null,
    string? Footer = null)
{
    /// <summary>The issuer's name and address as a party.</summary>
    /// <param name="fallback">Its name where it has given no legal one.</param>
    public BillingParty AsParty(string fallback) => new(LegalName ?? fallback, Address, TaxId);
}
