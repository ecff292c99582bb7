using Lava.Service.Ports.Tables;

namespace Lava.Service.Tests.Billing;

/// <summary>Tables that fail at a chosen commit, before or after it is done, and at every one after it: the process has died.</summary>
public sealed class FaultyTables(ITableStore inner) : ITableStore
{
    private int _left = -1;
    private bool _isAfter;

    public bool IsDead { get; private set; }

    /// <summary>Dies at the commit that comes after <paramref name="commits"/> others; when it is done, or before it is.</summary>
    public void DieAfter(int commits, bool isDone) => (_left, _isAfter) = (commits, isDone);

    public void Live() => (_left, IsDead) = (-1, false);

    public ValueTask EnsureTablesAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken) => inner.EnsureTablesAsync(tables, cancellationToken);

    public ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken)
    {
        if (IsDead) throw new DeadException();
        return inner.GetAsync(table, partition, row, cancellationToken);
    }

    public ValueTask<IReadOnlyList<TableRow>> QueryAsync(string table, string partition, KeyRange range, int take, CancellationToken cancellationToken)
    {
        if (IsDead) throw new DeadException();
        return inner.QueryAsync(table, partition, range, take, cancellationToken);
    }

    public async ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        if (IsDead) throw new DeadException();
        if (_left < 0 || _left-- > 0) return await inner.CommitAsync(table, partition, writes, cancellationToken);
        IsDead = true;
        if (_isAfter) await inner.CommitAsync(table, partition, writes, cancellationToken);
        throw new DeadException();
    }

    public sealed class DeadException() : Exception("The process has died.");
}
