using Lava.Service.Reporting.LedgerEntries;

namespace Lava.Console.Parts;

/// <summary>An entry of the ledger, as it moves one account.</summary>
/// <param name="Id">The entry.</param>
/// <param name="At">When it was booked.</param>
/// <param name="Reason">Why.</param>
/// <param name="Amount">By how much the account changed; negative takes away.</param>
/// <param name="Against">The accounts on the other side.</param>
/// <param name="Calls">How many calls caused it.</param>
public sealed record LedgerRow(string Id, DateTimeOffset At, string Reason, decimal Amount, string Against, int Calls)
{
    internal static LedgerRow Of(LedgerEntryResponse entry, string account)
    {
        var own = entry.Postings.Where(posting => posting.Account == account).ToList();

        // Where the account is not among the sides, the entry is shown by its positive ones.
        var amount = own.Count > 0
            ? own.Sum(posting => Money.Of(posting.Amount))
            : entry.Postings.Select(posting => Money.Of(posting.Amount)).Where(part => part > 0).Sum();
        var against = entry.Postings.Select(posting => posting.Account).Where(name => name != account).Distinct();
        return new LedgerRow(entry.EntryId, entry.CreatedAt, entry.Reason, amount, string.Join(", ", against), entry.Requests.Count);
    }
}
