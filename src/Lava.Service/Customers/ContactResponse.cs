namespace Lava.Service.Customers;

/// <summary>Contact data; empty strings where unknown.</summary>
public sealed record ContactResponse(string Phone, string Email, string FirstName, string LastName);
