namespace Lava.Service.Customers;

/// <summary>Contact data; empty strings where unknown.</summary>
internal sealed record ContactResponse(string Phone, string Email, string FirstName, string LastName);
