namespace Lava.Core.Pricing;

/// <summary>The part of a charge that lies in one tier.</summary>
/// <param name="Tier">The tier.</param>
/// <param name="Tokens">Tokens in it; 0 unless tokens are counted.</param>
/// <param name="Characters">Characters in it; 0 unless characters are counted.</param>
/// <param name="Seconds">Seconds in it; 0 unless minutes are counted.</param>
/// <param name="Cost">Credits, 12 decimals.</param>
public readonly record struct MeterSlice(Tier Tier, decimal Tokens, decimal Characters, decimal Seconds, decimal Cost);
