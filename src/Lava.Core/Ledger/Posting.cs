using System.Diagnostics;

namespace Lava.Core.Ledger;

/// <summary>One side of an entry.</summary>
/// <param name="Account">The account that moves.</param>
/// <param name="Amount">By how much, 12 decimals; negative takes away.</param>
public sealed record Posting(string Account, decimal Amount)
{
    /// <summary>By how much, 12 decimals; negative takes away.</summary>
    public decimal Amount { get; init; } = Rounded(Amount);

    private static decimal Rounded(decimal amount)
    {
        Debug.Assert(amount == Bookkeeping.Round(amount), "A posting has at most 12 decimals.");
        return amount;
    }
}
