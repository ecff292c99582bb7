namespace Lava.Service.Pricing.Meters;

// Shapes of request bodies in the API's document. Bodies are read member by member, so that one response lists all that is wrong with one.
#pragma warning disable CA1812 // Made by nobody: the document is made from their types.

internal sealed record TierBody(string Start, string Rate);

internal sealed record CreateMeterBody(
    string Name,
    string RateType,
    string TierType,
    IReadOnlyList<TierBody> Tiers,
    string? MeterSlug = null,
    bool ChargesCached = true);

// The last three never change: they pass where they are as they were.
internal sealed record UpdateMeterBody(
    string? Name = null,
    IReadOnlyList<TierBody>? Tiers = null,
    bool? ChargesCached = null,
    string? MeterSlug = null,
    string? RateType = null,
    string? TierType = null);
