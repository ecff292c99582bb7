namespace Lava.Core.Ledger;

/// <summary>A call's part in an entry.</summary>
/// <param name="Call">The call's ULID.</param>
/// <param name="Amount">What it cost, never negative, 12 decimals.</param>
public sealed record EntryCall(string Call, decimal Amount);
