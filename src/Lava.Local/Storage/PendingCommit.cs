using Lava.Service.Ports;

namespace Lava.Local.Storage;

/// <summary>A transaction on its way to the writer.</summary>
internal sealed class PendingCommit(string table, string partition, IReadOnlyList<TableWrite> writes, IReadOnlyList<string>? tablesToMake)
{
    public string Table { get; } = table;

    public string Partition { get; } = partition;

    public IReadOnlyList<TableWrite> Writes { get; } = writes;

    public IReadOnlyList<string>? TablesToMake { get; } = tablesToMake;

    public CommitResult Result { get; set; }

    public TaskCompletionSource<CommitResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
