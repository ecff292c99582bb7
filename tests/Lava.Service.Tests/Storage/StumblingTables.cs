using Lava.Service.Ports.Tables;

namespace Lava.Service.Tests.Storage;

/// <summary>A store that fails while it is told to: every write, as one on a full disk does, or every read of a partition.</summary>
internal sealed class StumblingTables(ITableStore inner) : ITableStore, IAsyncDisposable
{
    /// <summary>What writes fail with; null for nothing.</summary>
    public Func<TableStoreException>? WriteFault { get; set; }

    /// <summary>What reads fail with, by partition; null for nothing.</summary>
    public Func<string, TableStoreException?>? ReadFault { get; set; }

    /// <summary>How many writes were asked for.</summary>
    public int Writes { get; private set; }

    public ValueTask EnsureTablesAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken) => inner.EnsureTablesAsync(tables, cancellationToken);

    public ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken) =>
        ReadFault?.Invoke(partition) is { } fault ? throw fault : inner.GetAsync(table, partition, row, cancellationToken);

    public ValueTask<IReadOnlyList<TableRow>> QueryAsync(string table, string partition, KeyRange range, int take, CancellationToken cancellationToken) =>
        ReadFault?.Invoke(partition) is { } fault ? throw fault : inner.QueryAsync(table, partition, range, take, cancellationToken);

    public ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        Writes++;
        return WriteFault is { } fault ? throw fault() : inner.CommitAsync(table, partition, writes, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (inner is IAsyncDisposable disposable) await disposable.DisposeAsync();
    }
}
