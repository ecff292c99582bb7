namespace Lava.Service.Customers.Parties;

/// <summary>A party of an invoice: who sells or who pays.</summary>
/// <param name="Name">Its legal name.</param>
/// <param name="Address">Its address; null where unknown.</param>
/// <param name="TaxId">Its tax number, as it writes it; null for none.</param>
public sealed record BillingParty(string? Name = null, PostalAddress? Address = null, string? TaxId = null);
