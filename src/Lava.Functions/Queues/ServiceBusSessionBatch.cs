using Azure.Messaging.ServiceBus;
using Lava.Service.Ports;

namespace Lava.Functions.Queues;

/// <summary>Messages of one broker session, locked until this is disposed.</summary>
internal sealed class ServiceBusSessionBatch(
    string queue, ServiceBusSessionReceiver session, IReadOnlyList<ServiceBusReceivedMessage> messages, ServiceBusSenders senders, TimeProvider time) : ISessionBatch
{
    private readonly Dictionary<string, ServiceBusReceivedMessage> _byLock = messages.ToDictionary(message => message.LockToken, StringComparer.Ordinal);

    public string Session => session.SessionId;

    public IReadOnlyList<ReceivedMessage> Messages { get; } = [.. messages.Select(BrokerMessages.FromBroker)];

    public async ValueTask CompleteAsync(IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        foreach (var message in messages) await session.CompleteMessageAsync(_byLock[message.Receipt], cancellationToken);
    }

    /// <summary>Without a delay the broker gives it to the session's next receiver. With one it is sent anew (<see cref="BrokerMessages"/>) and others of its session overtake it.</summary>
    public async ValueTask AbandonAsync(ReceivedMessage message, TimeSpan delay, CancellationToken cancellationToken)
    {
        var received = _byLock[message.Receipt];
        if (delay <= TimeSpan.Zero)
        {
            await session.AbandonMessageAsync(received, cancellationToken: cancellationToken);
            return;
        }

        await senders.SendAsync(queue, [BrokerMessages.Again(received, time.GetUtcNow() + delay)], cancellationToken);
        await session.CompleteMessageAsync(received, cancellationToken);
    }

    public async ValueTask DeadLetterAsync(ReceivedMessage message, string reason, CancellationToken cancellationToken) =>
        await session.DeadLetterMessageAsync(_byLock[message.Receipt], reason, cancellationToken: cancellationToken);

    public ValueTask DisposeAsync() => session.DisposeAsync();
}
