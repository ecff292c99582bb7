namespace Lava.Service.Accounts.Branding;

// Shapes of request bodies in the API's document. Bodies are read member by member, so that one response lists all that is wrong with one.
#pragma warning disable CA1812 // Made by nobody: the document is made from their types.

internal sealed record BrandingBody(string? Name = null, string? Color = null, string? Logo = null);
