namespace Lava.Core.Pricing;

/// <summary>A slice of usage and its rate. A tier ends where the next one starts.</summary>
/// <param name="Start">First unit: tokens, characters, minutes or calls, counted over all requests of the payer on the meter.</param>
/// <param name="Rate">Credits per 1M tokens or characters, per minute, per call; or percent points.</param>
public readonly record struct Tier(decimal Start, decimal Rate);
