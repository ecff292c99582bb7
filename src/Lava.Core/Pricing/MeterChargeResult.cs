namespace Lava.Core.Pricing;

/// <summary>What a meter charges for a call.</summary>
/// <param name="Amount">Credits, rounded half to even to 12 decimals.</param>
/// <param name="Breakdown">By tier; adds up to the amount exactly. Empty when no unit was used.</param>
/// <param name="After">The position in the tiers after the call, in the meter's units.</param>
public readonly record struct MeterChargeResult(decimal Amount, IReadOnlyList<MeterSlice> Breakdown, decimal After);
