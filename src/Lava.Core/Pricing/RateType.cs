namespace Lava.Core.Pricing;

/// <summary>What a meter's rate means (behaviour.md §5.2, §5.3).</summary>
public enum RateType
{
    /// <summary>Credits per unit.</summary>
    Fixed,

    /// <summary>Percent of the provider's base cost: <c>charge = cost × rate / 100</c>.</summary>
    Percentage,
}
