namespace Lava.Core.Ledger;

/// <summary>One side of an entry.</summary>
/// <param name="Account">The account that moves.</param>
/// <param name="Amount">By how much, 12 decimals; negative takes away.</param>
public sealed record Posting(string Account, decimal Amount);
