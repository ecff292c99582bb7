namespace Lava.Service.Ports.Queues;

/// <summary>Messages of one session, held by this receiver until the batch is disposed. A message that is neither completed nor given up when the batch is
/// disposed or its lock runs out is delivered again.</summary>
public interface ISessionBatch : IAsyncDisposable
{
    /// <summary>The session.</summary>
    string Session { get; }

    /// <summary>Whether nothing of the session is handed out while a message of it that was sent before waits.</summary>
    bool KeepsOrder { get; }

    /// <summary>Its due messages, in order.</summary>
    IReadOnlyList<ReceivedMessage> Messages { get; }

    /// <summary>Removes messages that are done.</summary>
    ValueTask CompleteAsync(IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken);

    /// <summary>Gives a message back after an attempt that failed, to be delivered again after <paramref name="delay"/>; after the queue's most attempts it
    /// goes to the dead letters.</summary>
    /// <returns>Whether it is delivered again.</returns>
    ValueTask<bool> AbandonAsync(ReceivedMessage message, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>Gives messages back, to be delivered again in this order after <paramref name="delay"/>; it counts as no attempt. Without a delay they keep
    /// their place in the session.</summary>
    ValueTask PostponeAsync(IReadOnlyList<ReceivedMessage> messages, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>Puts a message among the dead letters at once.</summary>
    ValueTask DeadLetterAsync(ReceivedMessage message, string reason, CancellationToken cancellationToken);
}
