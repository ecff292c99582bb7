using Lava.Service.Ports.Tables;

namespace Lava.Service.Ledger.Books;

/// <summary>Books each thing of a batch once, however often it is delivered. A row that is named after the thing (its marker) is written in the transaction
/// that moves the money. If the marker exists already, an earlier delivery has booked the thing: it leaves the batch, and the rest is booked.</summary>
internal sealed class BookOnce(BookStore books, ITableStore tables)
{
    /// <summary>Books what is not booked yet.</summary>
    /// <param name="book">The book.</param>
    /// <param name="batch">What is to be booked. Afterwards it holds what this call has booked.</param>
    /// <param name="markerOf">The row key of a thing's marker.</param>
    /// <param name="build">Makes the change, which writes a marker for everything in the batch. It may run several times and must have no effect of its
    /// own.</param>
    /// <param name="isBooked">Whether the marker that was found says that the thing is booked. If not, the thing stays, and the change must replace its marker
    /// under the row's ETag.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns>How the last change ended; <see cref="ChangeOutcome.Duplicate"/> if everything was booked before.</returns>
    /// <exception cref="TableStoreException">The store failed, or others changed the book or its markers in every round. Nothing is booked twice when the
    /// batch is delivered again.</exception>
    public async ValueTask<ChangeResult> BookAsync<T>(
        BookKey book,
        List<T> batch,
        Func<T, string> markerOf,
        Func<BookView, List<T>, CancellationToken, ValueTask<BookChange?>> build,
        Func<T, TableRow, bool> isBooked,
        CancellationToken cancellationToken)
    {
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            var result = await books.ChangeAsync(book, (view, token) => build(view, batch, token), cancellationToken);
            if (result.Outcome != ChangeOutcome.Duplicate) return result;
            for (var i = batch.Count - 1; i >= 0; i--)
            {
                var marker = await tables.GetAsync(TableNames.Books, book.Partition, markerOf(batch[i]), cancellationToken);
                if (marker is not null && isBooked(batch[i], marker)) batch.RemoveAt(i);
            }

            if (batch.Count == 0) return result;
        }
    }
}
