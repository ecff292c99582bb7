namespace Lava.Core.Billing;

/// <summary>What automatic purchases have taken so far.</summary>
/// <param name="Day">The day, in UTC.</param>
/// <param name="OfDay">US dollars of that day.</param>
/// <param name="Cycle">The cycle's name.</param>
/// <param name="OfCycle">US dollars of that cycle.</param>
public sealed record TopUpSpend(DateOnly Day, decimal OfDay, string Cycle, decimal OfCycle);
