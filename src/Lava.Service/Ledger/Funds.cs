using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Ledger;

/// <summary>Opens wallets and tells their balances.</summary>
public sealed class Funds(BookStore books, TimeProvider time)
{
    /// <summary>Opens a wallet with an amount in it; nothing happens if it is open.</summary>
    public ValueTask OpenWalletAsync(Tenant tenant, decimal amount, string cause, CancellationToken cancellationToken) =>
        OpenAsync(BookKey.Wallet(tenant), Account.Wallet, Account.Funding, EntryReason.Funding, amount, cause, cancellationToken);

    /// <summary>A wallet's balance, US dollars.</summary>
    public async ValueTask<decimal> WalletBalanceAsync(Tenant tenant, CancellationToken cancellationToken) =>
        (await books.ReadAsync(BookKey.Wallet(tenant), cancellationToken))?.Balance(Account.Wallet) ?? 0;

    private async ValueTask OpenAsync(
        BookKey book, string account, string source, EntryReason reason, decimal amount, string cause, CancellationToken cancellationToken)
    {
        await books.ChangeAsync(book, (view, _) =>
        {
            if (view.Head is not null) return ValueTask.FromResult<BookChange?>(null);
            var head = new BookHead();
            if (amount == 0) return ValueTask.FromResult<BookChange?>(new BookChange(head, []));
            var entry = new Entry
            {
                Sequence = 1,
                At = time.GetUtcNow(),
                Reason = reason,
                Postings = [new Posting(account, amount), new Posting(source, -amount)],
                Cause = cause,
            };
            return ValueTask.FromResult<BookChange?>(
                new BookChange(Bookkeeping.Post(head, entry), [TableWrite.Insert(BookRows.Entry(1), Json.Write(entry, LedgerJson.Default.Entry))]));
        }, cancellationToken);
    }
}
