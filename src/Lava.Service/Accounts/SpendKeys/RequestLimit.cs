using Lava.Core.SpendKeys;

namespace Lava.Service.Accounts.SpendKeys;

/// <summary>Most calls in a cycle.</summary>
/// <param name="Count">1 to 9,999,999.</param>
/// <param name="Cycle">How often it begins anew.</param>
public sealed record RequestLimit(int Count, LimitCycle Cycle);
