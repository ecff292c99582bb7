using Lava.Service.Ports.Tables;

namespace Lava.Contracts.Tests.Queues;

/// <summary>A store whose connection can be cut: to everybody else, an instance behind it has died.</summary>
public sealed class SeverableTableStore(ITableStore inner) : ITableStore
{
    private int _commitsLeft = int.MaxValue;

    public bool IsSevered
    {
        get => _commitsLeft <= 0;
        set => _commitsLeft = value ? 0 : int.MaxValue;
    }

    /// <summary>Cuts it after so many commits.</summary>
    public void SeverAfter(int commits) => _commitsLeft = commits;

    public ValueTask EnsureTablesAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken) => inner.EnsureTablesAsync(tables, cancellationToken);

    public ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken) => Reach().GetAsync(table, partition, row, cancellationToken);

    public ValueTask<IReadOnlyList<TableRow>> QueryAsync(string table, string partition, KeyRange range, int take, CancellationToken cancellationToken) =>
        Reach().QueryAsync(table, partition, range, take, cancellationToken);

    public ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        var reached = Reach();
        if (_commitsLeft != int.MaxValue) _commitsLeft--;
        return reached.CommitAsync(table, partition, writes, cancellationToken);
    }

    private ITableStore Reach() => IsSevered ? throw new TableStoreException("The connection is cut.") { IsTransient = true } : inner;
}
