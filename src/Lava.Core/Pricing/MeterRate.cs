namespace Lava.Core.Pricing;

/// <summary>How a meter prices usage: graduated tiers, the first at 0, strictly ascending.</summary>
/// <param name="RateType">What the rates mean.</param>
/// <param name="TierType">The unit counted.</param>
/// <param name="Tiers">At least one tier.</param>
public sealed record MeterRate(RateType RateType, TierType TierType, IReadOnlyList<Tier> Tiers)
{
    /// <summary>Whether calls that are answered from the gateway's cache cost nothing. Said in the negative, so that a rate that was stored without it means
    /// that they are charged.</summary>
    public bool ExemptsCached { get; init; }
}
