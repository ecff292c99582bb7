namespace Lava.Service.Queues.Stored;

/// <summary>Settings of the queue over tables.</summary>
public sealed record TableQueueOptions
{
    /// <summary>Partitions of a queue; sessions are spread over them by hash, and one receiver holds a partition at a time. The same on every
    /// instance.</summary>
    public int Buckets { get; init; } = 8;

    /// <summary>Deliveries of a message before it goes to the dead letters.</summary>
    public int MaxAttempts { get; init; } = 10;

    /// <summary>How long a receiver that died keeps its partition.</summary>
    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>How often messages of other processes are looked for.</summary>
    public TimeSpan PollPeriod { get; init; } = TimeSpan.FromMilliseconds(500);
}
