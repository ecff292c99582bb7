using Azure.Messaging.ServiceBus;
using Lava.Service.Ports;

namespace Lava.Functions.Queues;

/// <summary>Queues in Service Bus, with sessions. The app's own consumers are its triggers; receiving here serves tools and tests.</summary>
public sealed class ServiceBusQueue(ServiceBusClient client, ServiceBusSenders senders, TimeProvider time) : IMessageQueue
{
    private static readonly TimeSpan LeastWait = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    public async ValueTask SendAsync(string queue, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        OutgoingMessage.Check(messages);
        var now = time.GetUtcNow();
        try
        {
            await senders.SendAsync(queue, [.. messages.Select(message => BrokerMessages.ToBroker(message, now))], cancellationToken);
        }
        catch (ServiceBusException fault)
        {
            // As the service knows a queue that cannot take a message.
            throw new TableStoreException($"Service Bus did not take a message ({fault.Reason}).", fault) { IsTransient = fault.IsTransient };
        }
    }

    /// <inheritdoc />
    public async ValueTask<ISessionBatch?> ReceiveAsync(string queue, int maxMessages, TimeSpan wait, CancellationToken cancellationToken)
    {
        // Asking takes a moment: who does not want to wait still wants what is there.
        if (wait < LeastWait) wait = LeastWait;
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
            if (messages.Count > 0) return new ServiceBusBatch(queue, messages, SettlementOf(session), senders, time, session.DisposeAsync);
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
        return [.. messages.Select(BrokerMessages.FromBroker)];
    }

    private static BrokerSettlement SettlementOf(ServiceBusSessionReceiver session) => new(
        message => session.CompleteMessageAsync(message, CancellationToken.None),
        (message, properties) => session.AbandonMessageAsync(message, properties, CancellationToken.None),
        (message, reason) => session.DeadLetterMessageAsync(message, reason, cancellationToken: CancellationToken.None));
}
