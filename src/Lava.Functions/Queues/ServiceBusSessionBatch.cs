using Azure.Messaging.ServiceBus;
using Lava.Service.Ports;

namespace Lava.Functions.Queues;

/// <summary>Messages of one broker session, locked until this is disposed.</summary>
internal sealed class ServiceBusSessionBatch(ServiceBusSessionReceiver session, IReadOnlyList<ServiceBusReceivedMessage> messages) : ISessionBatch
{
    private readonly Dictionary<string, ServiceBusReceivedMessage> _byLock = messages.ToDictionary(message => message.LockToken, StringComparer.Ordinal);

    public string Session => session.SessionId;

    public IReadOnlyList<ReceivedMessage> Messages { get; } = [.. messages.Select(ServiceBusQueue.FromBroker)];

    public async ValueTask CompleteAsync(IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        foreach (var message in messages) await session.CompleteMessageAsync(_byLock[message.Receipt], cancellationToken);
    }

    /// <summary>The broker gives it to the next receiver at once: it knows no delay for a message given back, and one sent anew would lose its place in the session.</summary>
    public async ValueTask AbandonAsync(ReceivedMessage message, TimeSpan delay, CancellationToken cancellationToken) =>
        await session.AbandonMessageAsync(_byLock[message.Receipt], cancellationToken: cancellationToken);

    public async ValueTask DeadLetterAsync(ReceivedMessage message, string reason, CancellationToken cancellationToken) =>
        await session.DeadLetterMessageAsync(_byLock[message.Receipt], reason, cancellationToken: cancellationToken);

    public ValueTask DisposeAsync() => session.DisposeAsync();
}
