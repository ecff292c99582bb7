namespace Lava.Service.Ports.Tables;

/// <summary>The result of a transaction.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="FailedIndex">Index of the write whose condition failed; -1 when committed.</param>
/// <param name="ETags">The new versions in the order of the writes (empty strings for deletes); empty unless committed.</param>
public readonly record struct CommitResult(CommitOutcome Outcome, int FailedIndex, IReadOnlyList<string> ETags)
{
    /// <summary>Whether everything is written.</summary>
    public bool IsCommitted => Outcome == CommitOutcome.Committed;
}
