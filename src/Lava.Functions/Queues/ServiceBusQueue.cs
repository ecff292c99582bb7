using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Lava.Service.Ports;

namespace Lava.Functions.Queues;

/// <summary>Queues in Service Bus, with sessions. The app's own consumers are its triggers; receiving here serves tools and the port's contract.</summary>
public sealed class ServiceBusQueue(ServiceBusClient client, TimeProvider time) : IMessageQueue
{
    /// <summary>Senders live as long as the app: each holds a link to the broker.</summary>
    private readonly ConcurrentDictionary<string, ServiceBusSender> _senders = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public async ValueTask SendAsync(string queue, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        var sender = _senders.GetOrAdd(queue, client.CreateSender);
        for (var next = 0; next < messages.Count;)
        {
            // A batch is one broker operation and has a size; what does not fit goes into another, in order.
            using var batch = await sender.CreateMessageBatchAsync(cancellationToken);
            var first = next;
            while (next < messages.Count && batch.TryAddMessage(ToBroker(messages[next]))) next++;
            if (next == first) throw new ArgumentException($"The message {messages[next].Id} is larger than the queue takes.", nameof(messages));
            await sender.SendMessagesAsync(batch, cancellationToken);
        }
    }

    /// <inheritdoc />
    public async ValueTask<ISessionBatch?> ReceiveAsync(string queue, int maxMessages, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        ServiceBusSessionReceiver session;
        try
        {
            session = await client.AcceptNextSessionAsync(queue, cancellationToken: either.Token);
        }
        catch (ServiceBusException fault) when (fault.Reason == ServiceBusFailureReason.ServiceTimeout)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }

        try
        {
            var messages = await session.ReceiveMessagesAsync(maxMessages, wait, cancellationToken);
            if (messages.Count > 0) return new ServiceBusSessionBatch(session, messages);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }

        await session.DisposeAsync();
        return null;
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<ReceivedMessage>> PeekDeadLettersAsync(string queue, int take, CancellationToken cancellationToken)
    {
        await using var receiver = client.CreateReceiver(queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        var messages = await receiver.PeekMessagesAsync(take, cancellationToken: cancellationToken);
        return [.. messages.Select(FromBroker)];
    }

    /// <summary>A message as the service's handlers take it.</summary>
    internal static ReceivedMessage FromBroker(ServiceBusReceivedMessage message) => new(
        message.MessageId, message.SessionId, message.Body.ToMemory(), Math.Max(1, message.DeliveryCount), message.LockToken, message.DeadLetterReason);

    private ServiceBusMessage ToBroker(OutgoingMessage message)
    {
        var outgoing = new ServiceBusMessage(BinaryData.FromBytes(message.Body)) { MessageId = message.Id, SessionId = message.Session, ContentType = "application/json" };
        if (message.Delay > TimeSpan.Zero) outgoing.ScheduledEnqueueTime = time.GetUtcNow() + message.Delay;
        return outgoing;
    }
}
