namespace Lava.Service.Ports.Tables;

/// <summary>Rows in partitions, as Azure Table Storage has them: point reads, key ranges, and transactions within one partition. There is no scan.
/// Keys are compared ordinally. Every method throws <see cref="ArgumentException"/> where a limit of <see cref="TableLimits"/> is broken and
/// <see cref="TableStoreException"/> when the store cannot be reached or refuses for a reason other than the outcomes named here.</summary>
public interface ITableStore
{
    /// <summary>Makes the tables if they do not exist; safe to repeat and to run on many instances at once.</summary>
    ValueTask EnsureTablesAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken);

    /// <summary>Reads one row; null where there is none.</summary>
    ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken);

    /// <summary>Reads the rows of a key range in ascending ordinal order, at most <paramref name="take"/> (1 to 1,000). Fewer than that means that the range is
    /// exhausted.</summary>
    ValueTask<IReadOnlyList<TableRow>> QueryAsync(string table, string partition, KeyRange range, int take, CancellationToken cancellationToken);

    /// <summary>Writes all of <paramref name="writes"/> (1 to 100, each row at most once) or none of them, durably.
    /// A write whose condition fails is an outcome, not an exception.</summary>
    ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken);
}
