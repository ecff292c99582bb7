using Lava.Core.Ledger;

namespace Lava.Service.Ledger.Books;

/// <summary>How a change of a book ended.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Head">The head as it is now; null where the book does not exist.</param>
public readonly record struct ChangeResult(ChangeOutcome Outcome, BookHead? Head);
