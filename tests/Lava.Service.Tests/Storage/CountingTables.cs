using System.Collections.Concurrent;
using Lava.Service.Ports.Tables;

namespace Lava.Service.Tests.Storage;

/// <summary>Tables that count what is asked of them, by table and partition: requests, and the rows that they write, as the table service counts them against its targets.</summary>
public sealed class CountingTables(ITableStore inner) : ITableStore
{
    private readonly ConcurrentDictionary<(string Table, string Partition), Count> _counts = new();

    public void Clear() => _counts.Clear();

    /// <summary>What was asked of a table's partitions, the busiest first.</summary>
    public IReadOnlyList<Count> Of(string table) => [.. _counts.Where(pair => pair.Key.Table == table).Select(pair => pair.Value).OrderByDescending(count => count.RowsWritten)];

    /// <summary>Every table that was asked for something.</summary>
    public IReadOnlyList<string> Asked => [.. _counts.Keys.Select(key => key.Table).Distinct().Order(StringComparer.Ordinal)];

    public ValueTask EnsureTablesAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken) => inner.EnsureTablesAsync(tables, cancellationToken);

    public ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken)
    {
        For(table, partition).Read();
        return inner.GetAsync(table, partition, row, cancellationToken);
    }

    public ValueTask<IReadOnlyList<TableRow>> QueryAsync(string table, string partition, KeyRange range, int take, CancellationToken cancellationToken)
    {
        For(table, partition).Read();
        return inner.QueryAsync(table, partition, range, take, cancellationToken);
    }

    public ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        For(table, partition).Write(writes.Count);
        return inner.CommitAsync(table, partition, writes, cancellationToken);
    }

    private Count For(string table, string partition) => _counts.GetOrAdd((table, partition), static key => new Count(key.Partition));

    /// <summary>What was asked of one partition.</summary>
    public sealed class Count(string partition)
    {
        private long _reads;
        private long _transactions;
        private long _rowsWritten;

        public string Partition { get; } = partition;

        public long Reads => Interlocked.Read(ref _reads);

        public long Transactions => Interlocked.Read(ref _transactions);

        public long RowsWritten => Interlocked.Read(ref _rowsWritten);

        public void Read() => Interlocked.Increment(ref _reads);

        public void Write(int rows)
        {
            Interlocked.Increment(ref _transactions);
            Interlocked.Add(ref _rowsWritten, rows);
        }
    }
}
