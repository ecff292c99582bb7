using Lava.Core.Ledger;
using Lava.Service.Ports.Tables;

namespace Lava.Service.Ledger.Books;

/// <summary>What is to become of a book, in one transaction.</summary>
/// <param name="Head">The new head.</param>
/// <param name="Writes">The other rows; at most 99.</param>
public readonly record struct BookChange(BookHead Head, IReadOnlyList<TableWrite> Writes);
