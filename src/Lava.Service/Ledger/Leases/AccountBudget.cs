using Lava.Core.Ledger;
using Lava.Service.Ledger.Books;

namespace Lava.Service.Ledger.Leases;

/// <summary>The account of value of a wallet's or a customer's book.</summary>
/// <param name="Book">The book.</param>
/// <param name="Account">Its account.</param>
internal sealed record AccountBudget(BookKey Book, string Account) : Budget(Book, "")
{
    /// <inheritdoc/>
    public override decimal Available(BookHead head, DateTimeOffset now) => head.Available(Account);
}
