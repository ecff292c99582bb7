using Lava.Core.Ledger;

namespace Lava.Service.Ledger.Books;

/// <summary>How a change of a book ended.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Head">The head as it is now; null where the book does not exist.</param>
/// <param name="DuplicateIndex">Index of the write whose row existed already; -1 otherwise.</param>
public readonly record struct ChangeResult(ChangeOutcome Outcome, BookHead? Head, int DuplicateIndex = -1);
