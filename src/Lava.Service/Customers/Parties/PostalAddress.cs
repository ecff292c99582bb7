namespace Lava.Service.Customers.Parties;

/// <summary>A postal address, as it stands on documents.</summary>
/// <param name="Line1">Street and number, or a post box.</param>
/// <param name="Line2">What else leads there.</param>
/// <param name="City">City.</param>
/// <param name="State">State, province or region.</param>
/// <param name="PostalCode">Postal code.</param>
/// <param name="Country">Two letters of ISO 3166-1.</param>
public sealed record PostalAddress(
    string? Line1 = null,
    string? Line2 = null,
    string? City = null,
    string? State = null,
    string? PostalCode = null,
    string? Country = null);
