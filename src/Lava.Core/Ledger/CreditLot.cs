namespace Lava.Core.Ledger;

/// <summary>Credits of one origin that end together.</summary>
/// <param name="Number">Number of the entry that granted them.</param>
/// <param name="Kind">Their origin.</param>
/// <param name="Amount">What is left of them, more than 0, 12 decimals.</param>
/// <param name="ExpiresAt">When they run out; null if the plan carries them over.</param>
public sealed record CreditLot(long Number, CreditKind Kind, decimal Amount, DateTimeOffset? ExpiresAt)
{
    /// <summary>Whether they belong to the plan's cycle and not to a bundle.</summary>
    public bool IsCycle => Kind != CreditKind.Bundle;
}
