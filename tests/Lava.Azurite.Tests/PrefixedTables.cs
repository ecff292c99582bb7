using Lava.Service.Ports.Tables;

namespace Lava.Azurite.Tests;

/// <summary>Tables under other names, so that many tests share an emulator and no table.</summary>
internal sealed class PrefixedTables(ITableStore inner, string prefix) : ITableStore
{
    public ValueTask EnsureTablesAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken) =>
        inner.EnsureTablesAsync([.. tables.Select(table => prefix + table)], cancellationToken);

    public ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken) =>
        inner.GetAsync(prefix + table, partition, row, cancellationToken);

    public ValueTask<IReadOnlyList<TableRow>> QueryAsync(string table, string partition, KeyRange range, int take, CancellationToken cancellationToken) =>
        inner.QueryAsync(prefix + table, partition, range, take, cancellationToken);

    public ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken) =>
        inner.CommitAsync(prefix + table, partition, writes, cancellationToken);
}
