using System.Security.Cryptography;
using System.Text;
using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Service.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Billing.Wallets;

/// <summary>The operator's corrections of wallets: money given or taken by hand, each once, as a ledger entry of its own.</summary>
public sealed class WalletCorrections(BookStore books, ITableStore tables, TimeProvider time)
{
    /// <summary>Corrects a wallet, which may fall below zero: then its calls are refused until it is funded.</summary>
    /// <param name="tenant">Whose wallet.</param>
    /// <param name="key">Names the correction. A second one of that name is not made, however late it comes.</param>
    /// <param name="amount">US dollars, other than 0; negative takes.</param>
    /// <param name="description">Why: the entry's cause.</param>
    /// <param name="cancellationToken">Ends the wait before it is booked.</param>
    /// <returns>The correction that is booked under this name; its amount and description are another's where the name was used before.</returns>
    public async ValueTask<WalletCorrection> CorrectAsync(
        Tenant tenant,
        string key,
        decimal amount,
        string description,
        CancellationToken cancellationToken)
    {
        var book = BookKey.Wallet(tenant);
        var marker = BookRows.Corrected(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));
        var made = new WalletCorrection(0, 0, "", default);
        var result = await books.ChangeAsync(book, async (view, token) =>
        {
            var edit = new BookEdit(view.Head ?? new BookHead(), time.GetUtcNow());
            var number = edit.Post(EntryReason.Adjustment, description, new Posting(Account.Wallet, amount), new Posting(Account.Funding, -amount));
            made = new WalletCorrection(number, amount, description, edit.At);
            var state = await view.ReadGuardedRowAsync(WalletState.Row, token) is { } stored
                ? Json.Read(stored, WalletsJson.Default.WalletState)
                : new WalletState();
            return new BookChange(
                edit.Head,
                [
                    TableWrite.Insert(marker, Json.Write(made, WalletsJson.Default.WalletCorrection)),
                    TableWrite.Insert(BookRows.Entry(number), Json.Write(edit.Entries[0], LedgerJson.Default.Entry)),
                    TableWrite.Put(WalletState.Row, Json.Write(state.After(edit.Head), WalletsJson.Default.WalletState)),
                ]);
        }, cancellationToken);
        if (result.Outcome != ChangeOutcome.Duplicate) return made;
        var row = await tables.GetAsync(TableNames.Books, book.Partition, marker, cancellationToken)
            ?? throw new TableStoreException("A wallet's book was changed under a correction.");
        return Json.Read(row.Data, WalletsJson.Default.WalletCorrection);
    }
}
