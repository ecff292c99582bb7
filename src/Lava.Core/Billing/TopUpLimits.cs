namespace Lava.Core.Billing;

/// <summary>The most that automatic purchases may take from a card. What is null follows the server's rule.</summary>
/// <param name="Day">US dollars a day, in UTC.</param>
/// <param name="Cycle">US dollars a billing cycle.</param>
public sealed record TopUpLimits(decimal? Day, decimal? Cycle);
