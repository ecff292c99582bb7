using System.Runtime.CompilerServices;
using Lava.Service.Ledger.Books;
using Lava.Service.Ports.Tables;

namespace Lava.Service.Auditing;

/// <summary>Reads the rows of a book, page by page.</summary>
internal static class BookScan
{
    /// <summary>Every row whose key begins with a prefix.</summary>
    public static async IAsyncEnumerable<TableRow> ReadAsync(
        ITableStore tables,
        BookKey book,
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var range = KeyRange.Prefix(prefix);
        while (true)
        {
            var rows = await tables.QueryAsync(TableNames.Books, book.Partition, range, TableLimits.MaxPage, cancellationToken);
            foreach (var row in rows) yield return row;
            if (rows.Count < TableLimits.MaxPage) yield break;
            range = range.After(rows[^1].Key);
        }
    }
}
