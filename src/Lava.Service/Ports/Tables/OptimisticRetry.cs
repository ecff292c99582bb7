namespace Lava.Service.Ports.Tables;

/// <summary>The one bound of all loops that read, decide and write, and that begin again when somebody else wrote first. Every lost round means that another
/// write was made, so the bound limits how many callers work on one row at once. Only a fault reaches it.</summary>
public static class OptimisticRetry
{
    /// <summary>How many rounds a loop has.</summary>
    public const int MaxRounds = 100;

    /// <summary>The number of the next round: <c>for (var round = 0; ; round = OptimisticRetry.Next(round))</c>.</summary>
    /// <param name="round">The round that was lost, from 0.</param>
    /// <exception cref="TableStoreException">It was the last one. The fault is transient: a message is delivered again, a client may repeat its
    /// request.</exception>
    public static int Next(int round) => round + 1 < MaxRounds
        ? round + 1
        : throw new TableStoreException($"Others were faster in each of {MaxRounds} rounds of a change.") { IsTransient = true };
}
