namespace Lava.Service.Customers.Portal;

// Shapes of request bodies in the API's document. Bodies are read member by member, so that one response lists all that is wrong with one.
#pragma warning disable CA1812 // Made by nobody: the document is made from their types.

internal sealed record PortalSessionBody(string CustomerId, string ReturnUrl, string? EmbedOrigin = null, IReadOnlyList<string>? PlanIds = null);
