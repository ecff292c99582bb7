namespace Lava.Service.Pricing.Meters;

/// <summary>A meter on the wire (rest-api.md §2.5). <c>charges_cached</c> is our own addition: whether calls that the gateway's cache answers are
/// charged.</summary>
internal sealed record MeterResponse(
    string MeterId,
    string MeterSlug,
    string Name,
    string RateType,
    IReadOnlyList<TierResponse> Tiers,
    bool ChargesCached,
    DateTimeOffset CreatedAt);
