using System.Text.Json.Serialization;

namespace Lava.Service.Customers.Checkout;

/// <summary>A checkout session on the wire (rest-api.md §2.8).</summary>
/// <param name="CheckoutSessionId"><c>cs_…</c>.</param>
/// <param name="CheckoutSessionToken">What the checkout SDK opens; in the answer to the creation only, since it holds the secret.</param>
/// <param name="CheckoutMode"><c>subscription</c> or <c>credit_bundle</c>.</param>
/// <param name="OriginUrl">The page that opens it.</param>
/// <param name="CustomerId">The customer, once it is completed.</param>
/// <param name="PlanId">The plan; for a subscription only.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="CompletedAt">When it was completed.</param>
internal sealed record CheckoutSessionResponse(
    string CheckoutSessionId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CheckoutSessionToken,
    string CheckoutMode,
    string OriginUrl,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CustomerId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PlanId,
    DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? CompletedAt);
