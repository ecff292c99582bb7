namespace Lava.Service.Ports.Queues;

/// <summary>What a queue holds at the moment. Counts end at <see cref="Most"/>, so that a long queue costs no more to look at.</summary>
/// <param name="Waiting">Messages that wait, those with a delay that is not over included.</param>
/// <param name="OldestAt">Since when the oldest of those that are due waits; null where none does.</param>
/// <param name="Dead">Messages that were given up.</param>
public sealed record QueueDepth(int Waiting, DateTimeOffset? OldestAt, int Dead)
{
    /// <summary>Where counting ends.</summary>
    public const int Most = 1_000;
}
