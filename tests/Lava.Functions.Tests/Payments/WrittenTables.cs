using System.Text;
using Lava.Contracts.Tests.Storage;
using Lava.Service.Ports.Tables;

namespace Lava.Functions.Tests.Payments;

/// <summary>Tables that remember every row that was ever written.</summary>
internal sealed class WrittenTables : ITableStore
{
    private readonly MemoryTableStore _inner = new();
    private readonly StringBuilder _written = new();

    public string Written
    {
        get
        {
            lock (_written) return _written.ToString();
        }
    }

    public ValueTask EnsureTablesAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken) => _inner.EnsureTablesAsync(tables, cancellationToken);

    public ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken) => _inner.GetAsync(table, partition, row, cancellationToken);

    public ValueTask<IReadOnlyList<TableRow>> QueryAsync(string table, string partition, KeyRange range, int take, CancellationToken cancellationToken) =>
        _inner.QueryAsync(table, partition, range, take, cancellationToken);

    public ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        lock (_written)
        {
            foreach (var write in writes) _written.Append(partition).Append(' ').Append(write.Key).Append(' ').AppendLine(Encoding.UTF8.GetString(write.Data.Span));
        }

        return _inner.CommitAsync(table, partition, writes, cancellationToken);
    }
}
