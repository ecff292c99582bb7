using Lava.Service.Ports.Tables;

namespace Lava.Local.Storage;

/// <summary>A transaction on its way to the writer.</summary>
internal sealed class PendingCommit(
    string table,
    string partition,
    IReadOnlyList<TableWrite> writes,
    IReadOnlyList<string>? tablesToMake,
    CancellationToken cancellationToken)
{
    public string Table { get; } = table;

    public string Partition { get; } = partition;

    public IReadOnlyList<TableWrite> Writes { get; } = writes;

    public IReadOnlyList<string>? TablesToMake { get; } = tablesToMake;

    /// <summary>Cancels it while it waits.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    public CommitResult Result { get; set; }

    public TaskCompletionSource<CommitResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
