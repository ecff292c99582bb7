using System.Text.Json.Serialization;

namespace Lava.Service.Customers.Portal;

/// <summary>A new portal session on the wire, our own addition.</summary>
/// <param name="PortalSessionId"><c>ps_…</c>.</param>
/// <param name="Url">The link for the customer. It opens the portal once.</param>
/// <param name="CustomerId">The customer, <c>con_…</c>.</param>
/// <param name="ReturnUrl">Where the portal leads back to.</param>
/// <param name="EmbedOrigin">The only origin that may frame the portal; null for none.</param>
/// <param name="PlanIds">The plans that the customer may change to; absent for all.</param>
/// <param name="ExpiresAt">Until when the link can be opened.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record PortalSessionResponse(
    string PortalSessionId,
    Uri Url,
    string CustomerId,
    string ReturnUrl,
    string? EmbedOrigin,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? PlanIds,
    DateTimeOffset ExpiresAt,
    DateTimeOffset CreatedAt);
