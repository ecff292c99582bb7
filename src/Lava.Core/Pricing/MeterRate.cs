namespace Lava.Core.Pricing;

/// <summary>How a meter prices usage: graduated tiers, the first at 0, strictly ascending.</summary>
/// <param name="RateType">What the rates mean.</param>
/// <param name="TierType">The unit counted.</param>
/// <param name="Tiers">At least one tier.</param>
public sealed record MeterRate(RateType RateType, TierType TierType, IReadOnlyList<Tier> Tiers);
