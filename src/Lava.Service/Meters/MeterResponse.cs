namespace Lava.Service.Meters;

/// <summary>A meter on the wire (rest-api.md §2.5).</summary>
public sealed record MeterResponse(string MeterId, string MeterSlug, string Name, string RateType, IReadOnlyList<TierResponse> Tiers, DateTimeOffset CreatedAt);
