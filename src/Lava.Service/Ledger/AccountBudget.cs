using Lava.Core.Ledger;

namespace Lava.Service.Ledger;

/// <summary>The account of value of a wallet's or a customer's book.</summary>
/// <param name="Book">The book.</param>
/// <param name="Account">Its account.</param>
public sealed record AccountBudget(BookKey Book, string Account) : Budget(Book, "")
{
    /// <inheritdoc/>
    public override decimal Available(BookHead head, DateTimeOffset now) => head.Available(Account);
}
