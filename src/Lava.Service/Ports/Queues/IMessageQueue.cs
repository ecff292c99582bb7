namespace Lava.Service.Ports.Queues;

/// <summary>Durable queues with sessions: messages of a session are received in the order in which they were sent and by one receiver at a time; different
/// sessions run in parallel. Delivery is at least once: a handler must bear a second delivery, whatever the broker's duplicate detection does.</summary>
public interface IMessageQueue
{
    /// <summary>Sends messages; durable when it returns. All belong to one session and go in order; the call may split them over several broker operations.
    /// A message that repeats the id of one sent in the last minutes may be dropped by the broker.</summary>
    ValueTask SendAsync(string queue, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken);

    /// <summary>Takes the next session that has due messages, and up to <paramref name="maxMessages"/> of them; null when none came within
    /// <paramref name="wait"/>.</summary>
    ValueTask<ISessionBatch?> ReceiveAsync(string queue, int maxMessages, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>What a queue holds at the moment.</summary>
    ValueTask<QueueDepth> MeasureAsync(string queue, CancellationToken cancellationToken);

    /// <summary>The messages that were given up, oldest first, at most <paramref name="take"/>.</summary>
    ValueTask<IReadOnlyList<ReceivedMessage>> PeekDeadLettersAsync(string queue, int take, CancellationToken cancellationToken);

    /// <summary>Puts a message that was given up at the end of its session again, as one that was never delivered; false where it is among the dead letters no
    /// more.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="message">The message, as <see cref="PeekDeadLettersAsync"/> gave it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<bool> RetryDeadLetterAsync(string queue, ReceivedMessage message, CancellationToken cancellationToken);

    /// <summary>Removes a message that was given up for good; false where it is among the dead letters no more.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="message">The message, as <see cref="PeekDeadLettersAsync"/> gave it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<bool> DropDeadLetterAsync(string queue, ReceivedMessage message, CancellationToken cancellationToken);
}
