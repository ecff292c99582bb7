using Lava.Core.SpendKeys;

namespace Lava.Service.Accounts.SpendKeys;

/// <summary>Most money in a cycle.</summary>
/// <param name="Amount">US dollars, more than 0.</param>
/// <param name="Cycle">How often it begins anew.</param>
public sealed record SpendLimit(decimal Amount, LimitCycle Cycle);
