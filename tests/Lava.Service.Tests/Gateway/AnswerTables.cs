using Lava.Service.Ports.Tables;

namespace Lava.Service.Tests.Gateway;

/// <summary>The store, with an eye on the table of answers: what is written there, and faults where the test wants them.</summary>
internal sealed class AnswerTables(ITableStore inner) : ITableStore, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<(string Partition, TableWrite Write)> _writes = [];
    private int _commits;

    /// <summary>Whether reads of answers fail.</summary>
    public bool FailsReads { get; set; }

    /// <summary>Whether writes of answers fail; they count all the same.</summary>
    public bool FailsWrites { get; set; }

    /// <summary>Answers that were written so far.</summary>
    public int Commits => Volatile.Read(ref _commits);

    /// <summary>Rows of answers that were written so far.</summary>
    public IReadOnlyList<(string Partition, TableWrite Write)> Writes
    {
        get
        {
            lock (_gate) return [.. _writes];
        }
    }

    /// <summary>Waits until so many answers were written.</summary>
    public async Task CommittedAsync(int commits)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1)); // or it failed
        while (Commits < commits) await Task.Delay(5, limit.Token);
    }

    public ValueTask EnsureTablesAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken) => inner.EnsureTablesAsync(tables, cancellationToken);

    public ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken) => inner.GetAsync(table, partition, row, cancellationToken);

    public ValueTask<IReadOnlyList<TableRow>> QueryAsync(string table, string partition, KeyRange range, int take, CancellationToken cancellationToken) =>
        table == TableNames.Answers && FailsReads ? throw new TableStoreException("No answers today.") : inner.QueryAsync(table, partition, range, take, cancellationToken);

    public async ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        if (table != TableNames.Answers) return await inner.CommitAsync(table, partition, writes, cancellationToken);
        try
        {
            if (FailsWrites) throw new TableStoreException("No answers today.");
            lock (_gate) _writes.AddRange(writes.Select(write => (partition, write)));
            return await inner.CommitAsync(table, partition, writes, cancellationToken);
        }
        finally
        {
            Interlocked.Increment(ref _commits);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (inner is IAsyncDisposable disposable) await disposable.DisposeAsync();
    }
}
