using System.Globalization;
using Lava.Service.Ports.Tables;

namespace Lava.Contracts.Tests.Storage;

/// <summary>Tables in memory, for tests that need thousands of stores. It passes the port's contract like the real ones.</summary>
public sealed class MemoryTableStore : ITableStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Table, string Partition), SortedList<string, TableRow>> _partitions = [];
    private readonly HashSet<string> _tables = new(StringComparer.Ordinal);
    private long _version;

    public ValueTask EnsureTablesAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken)
    {
        lock (_gate) _tables.UnionWith(tables);
        return ValueTask.CompletedTask;
    }

    public ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken)
    {
        TableLimits.CheckKey(partition);
        TableLimits.CheckKey(row);
        Check(table, cancellationToken);
        lock (_gate) return ValueTask.FromResult(_partitions.GetValueOrDefault((table, partition))?.GetValueOrDefault(row));
    }

    public ValueTask<IReadOnlyList<TableRow>> QueryAsync(string table, string partition, KeyRange range, int take, CancellationToken cancellationToken)
    {
        TableLimits.CheckKey(partition);
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(take, TableLimits.MaxPage);
        Check(table, cancellationToken);
        lock (_gate)
        {
            if (!_partitions.TryGetValue((table, partition), out var rows)) return ValueTask.FromResult<IReadOnlyList<TableRow>>([]);
            var found = new List<TableRow>();
            for (var i = FirstFrom(rows, range.From); i < rows.Count && found.Count < take && string.CompareOrdinal(rows.Keys[i], range.To) < 0; i++) found.Add(rows.Values[i]);
            return ValueTask.FromResult<IReadOnlyList<TableRow>>(found);
        }
    }

    public ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        TableLimits.CheckWrites(partition, writes);
        Check(table, cancellationToken);
        lock (_gate)
        {
            if (!_partitions.TryGetValue((table, partition), out var rows)) _partitions[(table, partition)] = rows = new SortedList<string, TableRow>(StringComparer.Ordinal);
            for (var i = 0; i < writes.Count; i++)
            {
                if (Refusal(rows, writes[i]) is { } outcome) return ValueTask.FromResult(new CommitResult(outcome, i, []));
            }

            var etags = new string[writes.Count];
            for (var i = 0; i < writes.Count; i++) etags[i] = Apply(rows, writes[i]);
            return ValueTask.FromResult(new CommitResult(CommitOutcome.Committed, -1, etags));
        }
    }

    private void Check(string table, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!_tables.Contains(table)) throw new TableStoreException($"There is no table {table}.");
        }
    }

    private static CommitOutcome? Refusal(SortedList<string, TableRow> rows, in TableWrite write)
    {
        var stored = rows.GetValueOrDefault(write.Key);
        return write.Kind switch
        {
            TableWriteKind.Insert => stored is null ? null : CommitOutcome.Duplicate,
            TableWriteKind.Put => null,
            _ when stored is null => CommitOutcome.Missing,
            _ => write.ETag is null || write.ETag == stored.ETag ? null : CommitOutcome.Stale,
        };
    }

    private string Apply(SortedList<string, TableRow> rows, in TableWrite write)
    {
        if (write.Kind == TableWriteKind.Delete)
        {
            rows.Remove(write.Key);
            return "";
        }

        var etag = (++_version).ToString(CultureInfo.InvariantCulture);
        rows[write.Key] = new TableRow(write.Key, etag, write.Data.ToArray());
        return etag;
    }

    private static int FirstFrom(SortedList<string, TableRow> rows, string from)
    {
        var (low, high) = (0, rows.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (string.CompareOrdinal(rows.Keys[middle], from) < 0) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
