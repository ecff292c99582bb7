using System.Collections.Concurrent;
using Lava.Core.Ledger;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Ledger.Books;

/// <summary>Reads and changes books. Changes of one book are serial: on this instance by a lock, among instances by the head's ETag.</summary>
public sealed class BookStore(ITableStore tables)
{
    /// <summary>Heads kept in memory; beyond it the least used are dropped and read again when needed.</summary>
    private const int MaxKept = 20_000;

    private readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);
    private int _count;
    private int _isTrimming;

    /// <summary>Reads a book's head from the store; null where the book does not exist.</summary>
    public async ValueTask<BookHead?> ReadAsync(BookKey book, CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(TableNames.Books, book.Partition, BookRows.Head, cancellationToken);
        return row is null ? null : Json.Read(row.Data, LedgerJson.Default.BookHead);
    }

    /// <summary>Changes a book in one transaction. <paramref name="change"/> may run several times, each time with the newest view, and must have no effect of
    /// its own; it returns null when there is nothing to change.</summary>
    /// <exception cref="TableStoreException">The store failed, or other instances changed the book first too many times.</exception>
    public async ValueTask<ChangeResult> ChangeAsync(
        BookKey book, Func<BookView, CancellationToken, ValueTask<BookChange?>> change, CancellationToken cancellationToken)
    {
        var kept = Keep(book);
        await kept.Lock.WaitAsync(cancellationToken);
        try
        {
            for (var round = 0; ; round = OptimisticRetry.Next(round))
            {
                var view = kept.View ?? await LoadAsync(book, cancellationToken);
                kept.View = null;
                var wanted = await change(view, cancellationToken);
                if (wanted is null)
                {
                    kept.View = view.Head is null ? null : view.Aged();
                    return new ChangeResult(ChangeOutcome.Unchanged, view.Head);
                }

                var result = await tables.CommitAsync(TableNames.Books, book.Partition, Writes(view, wanted.Value), cancellationToken);
                if (result.IsCommitted)
                {
                    kept.View = view.After(wanted.Value, result.ETags[0]);
                    return new ChangeResult(ChangeOutcome.Committed, wanted.Value.Head);
                }

                // The head comes first. Any other failed write is a row that exists already or has changed, which is for the caller to judge.
                if (result.FailedIndex > 0) return new ChangeResult(ChangeOutcome.Duplicate, view.Head);
            }
        }
        finally
        {
            kept.Lock.Release();
        }
    }

    /// <summary>The head as this instance last knew it; null where it knows none.</summary>
    public BookHead? Known(BookKey book) => _kept.TryGetValue(book.Partition, out var kept) ? kept.Last : null;

    /// <summary>Drops what is known of a book, so that the next change reads its head from the store.</summary>
    public void Forget(BookKey book)
    {
        if (_kept.TryGetValue(book.Partition, out var kept)) kept.View = null;
    }

    private async ValueTask<BookView> LoadAsync(BookKey book, CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(TableNames.Books, book.Partition, BookRows.Head, cancellationToken);
        var head = row is null ? null : Json.Read(row.Data, LedgerJson.Default.BookHead);
        return new BookView(tables, book.Partition, head, row?.ETag, isFresh: true);
    }

    private static List<TableWrite> Writes(BookView view, BookChange change)
    {
        var head = Json.Write(change.Head, LedgerJson.Default.BookHead);
        var writes = new List<TableWrite>(change.Writes.Count + 1)
        {
            view.ETag is null ? TableWrite.Insert(BookRows.Head, head) : TableWrite.Replace(BookRows.Head, head, view.ETag),
        };
        writes.AddRange(change.Writes);
        return writes;
    }

    private Kept Keep(BookKey book)
    {
        if (!_kept.TryGetValue(book.Partition, out var kept))
        {
            kept = _kept.GetOrAdd(book.Partition, static _ => new Kept());

            // Counted here, since the dictionary's own count takes every lock.
            if (Interlocked.Increment(ref _count) > MaxKept) Trim();
        }

        kept.LastUse = Environment.TickCount64;
        return kept;
    }

    // A lock that someone may hold must stay the book's only lock on this instance, or two local changes would race; they would still be caught by the ETag.
    private void Trim()
    {
        if (Interlocked.Exchange(ref _isTrimming, 1) == 1) return;
        try
        {
            // The dictionary's own copy, which is made under its locks: others go on adding meanwhile.
            var all = _kept.ToArray();
            foreach (var (partition, _) in all.OrderBy(pair => pair.Value.LastUse).Take(MaxKept / 4)) _kept.TryRemove(partition, out _);
            Volatile.Write(ref _count, all.Length - (MaxKept / 4));
        }
        finally
        {
            Volatile.Write(ref _isTrimming, 0);
        }
    }

    private sealed class Kept
    {
        // Two changes on this instance would start from one view, and all but one would lose at the head's ETag. The ETag alone keeps the book right; the lock
        // keeps changes from losing.
        public SemaphoreSlim Lock { get; } = new(1, 1);

        /// <summary>What the next change starts from; null when it must read.</summary>
        public BookView? View
        {
            get;
            set
            {
                field = value;
                if (value?.Head is not null) Last = value.Head;
            }
        }

        /// <summary>The newest head seen, for those who can bear an old one.</summary>
        public BookHead? Last { get; private set; }

        public long LastUse { get; set; }
    }
}
