using Lava.Service.Ports.Tables;

namespace Lava.Service.Tests.Ledger;

/// <summary>Tables of which one partition is out of reach, or whose commits' answers get lost.</summary>
internal sealed class BrokenTables(ITableStore inner) : ITableStore
{
    private int _writes;

    /// <summary>Commits so far.</summary>
    public int Writes => Volatile.Read(ref _writes);

    /// <summary>The partition that is throttled; null for none.</summary>
    public string? Throttled { get; set; }

    /// <summary>Commits to come that are done and whose answer never arrives.</summary>
    public int LostAnswers { get; set; }

    public ValueTask EnsureTablesAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken) => inner.EnsureTablesAsync(tables, cancellationToken);

    public ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken)
    {
        Check(partition);
        return inner.GetAsync(table, partition, row, cancellationToken);
    }

    public ValueTask<IReadOnlyList<TableRow>> QueryAsync(string table, string partition, KeyRange range, int take, CancellationToken cancellationToken)
    {
        Check(partition);
        return inner.QueryAsync(table, partition, range, take, cancellationToken);
    }

    public async ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        Check(partition);
        Interlocked.Increment(ref _writes);
        var result = await inner.CommitAsync(table, partition, writes, cancellationToken);
        if (LostAnswers == 0) return result;
        LostAnswers--;
        throw new TableStoreException("The answer got lost.") { IsTransient = true };
    }

    private void Check(string partition)
    {
        if (partition == Throttled) throw new TableStoreException("The partition is throttled.") { IsTransient = true };
    }
}
