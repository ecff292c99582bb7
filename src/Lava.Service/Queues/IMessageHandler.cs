using Lava.Service.Ports.Queues;

namespace Lava.Service.Queues;

/// <summary>Works on the messages of a queue. The local worker and the Azure triggers call the same handlers.</summary>
public interface IMessageHandler
{
    /// <summary>The queue.</summary>
    string Queue { get; }

    /// <summary>Most messages that are handed over at once.</summary>
    int MaxMessages { get; }

    /// <summary>Whether any message of the queue is a barrier.</summary>
    bool HasBarriers => false;

    /// <summary>Whether a message says something of those that were sent before it, so that it must not be worked on while one of them waits. Told by its
    /// id.</summary>
    bool IsBarrier(ReceivedMessage message) => false;

    /// <summary>Works on messages of one session, in order. When it returns they are done; when it throws they are delivered again. It must bear a second
    /// delivery.</summary>
    /// <exception cref="PoisonMessageException">A message can never be worked on; it goes to the dead letters and the others are delivered again.</exception>
    ValueTask HandleAsync(string session, IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken);
}
