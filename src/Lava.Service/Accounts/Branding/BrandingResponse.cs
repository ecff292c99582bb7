namespace Lava.Service.Accounts.Branding;

/// <summary>How a merchant shows itself to its customers, on the wire.</summary>
/// <param name="Name">Its name; null for the merchant's own.</param>
/// <param name="Color">The colour of buttons and links, as <c>#rrggbb</c>; null for the default.</param>
/// <param name="Logo">An image as a <c>data:</c> address, or its https address; null for none.</param>
internal sealed record BrandingResponse(string? Name, string? Color, string? Logo);
