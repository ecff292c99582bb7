namespace Lava.Core.Pricing;

/// <summary>A call's usage at its list price.</summary>
/// <param name="Cost">The cost.</param>
/// <param name="Lines">The lines that it is the sum of.</param>
/// <param name="IsUnpriced">Whether the usage has something for which there is no price, so that it costs the dearest that is known of the model.</param>
public readonly record struct PricedCall(CostBreakdown Cost, IReadOnlyList<CostLine> Lines, bool IsUnpriced);
