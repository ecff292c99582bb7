using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Lava.Service.Ports.Tables;

namespace Lava.Service.Tests.Support;

/// <summary>The store, with a count of the rows that a piece of work read and a gate that can hold back what it does.</summary>
public sealed class WatchedTables(ITableStore inner) : ITableStore, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, int> _queries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, StrongBox<long>> _counts = new(StringComparer.Ordinal);
    private readonly AsyncLocal<string?> _counted = new();

    /// <summary>Names the work whose reads are counted now, to whoever goes on with it across a connection; null while none is.</summary>
    public string? Counted
    {
        get => _counted.Value;
        set => _counted.Value = value;
    }

    /// <summary>Rows that the work reads, and nothing of what the host does meanwhile on its own. A row that is not there counts too.</summary>
    public async Task<long> RowsReadByAsync(Func<Task> work)
    {
        var count = new StrongBox<long>();
        var name = Guid.NewGuid().ToString("n");
        _counts[name] = count;
        Counted = name;
        await work();
        return Interlocked.Read(ref count.Value);
    }

    /// <summary>Key ranges of a partition that were read so far.</summary>
    public int Queries(string partition) => _queries.GetValueOrDefault(partition);

    /// <summary>Runs before a commit in that table; null for nothing.</summary>
    public Func<string, Task>? BeforeCommit { get; set; }

    /// <summary>Runs after a commit in that table is durable and before its writer hears of it; null for nothing.</summary>
    public Func<string, Task>? AfterCommit { get; set; }

    /// <summary>Runs after a row of that table is read and before its reader has it; null for nothing.</summary>
    public Func<string, Task>? AfterGet { get; set; }

    public ValueTask EnsureTablesAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken) => inner.EnsureTablesAsync(tables, cancellationToken);

    public async ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken)
    {
        var found = await inner.GetAsync(table, partition, row, cancellationToken);
        Count(1);
        if (AfterGet is { } after) await after(table);
        return found;
    }

    public async ValueTask<IReadOnlyList<TableRow>> QueryAsync(string table, string partition, KeyRange range, int take, CancellationToken cancellationToken)
    {
        _queries.AddOrUpdate(partition, 1, static (_, count) => count + 1);
        var rows = await inner.QueryAsync(table, partition, range, take, cancellationToken);
        Count(rows.Count);
        return rows;
    }

    public async ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        if (BeforeCommit is { } before) await before(table);
        var result = await inner.CommitAsync(table, partition, writes, cancellationToken);
        if (AfterCommit is { } after) await after(table);
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        if (inner is IAsyncDisposable disposable) await disposable.DisposeAsync();
    }

    private void Count(int rows)
    {
        if (Counted is { } name && _counts.TryGetValue(name, out var count)) Interlocked.Add(ref count.Value, rows);
    }
}
