namespace Lava.Service.Ports;

/// <summary>What can be done about messages that were given up, where the queue's adapter can do it; a broker with tools of its own need not.</summary>
public interface IDeadLetters
{
    /// <summary>Puts a message at the end of its session again, as one that was never delivered; false where it is among the dead letters no more.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="message">The message, as <see cref="IMessageQueue.PeekDeadLettersAsync"/> gave it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<bool> RetryAsync(string queue, ReceivedMessage message, CancellationToken cancellationToken);

    /// <summary>Removes a message for good; false where it is among the dead letters no more.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="message">The message, as <see cref="IMessageQueue.PeekDeadLettersAsync"/> gave it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<bool> DropAsync(string queue, ReceivedMessage message, CancellationToken cancellationToken);
}
