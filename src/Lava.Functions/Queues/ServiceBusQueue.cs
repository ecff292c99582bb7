using Azure.Messaging.ServiceBus;
using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;

namespace Lava.Functions.Queues;

/// <summary>Queues in Service Bus, with sessions. The app's own consumers are its triggers; receiving here serves tools and tests.</summary>
public sealed class ServiceBusQueue(ServiceBusClient client, ServiceBusSenders senders, TimeProvider time) : IMessageQueue
{
    /// <summary>Most dead letters that are looked through for one.</summary>
    private const int MostDead = 1_000;

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
    public async ValueTask<QueueDepth> MeasureAsync(string queue, CancellationToken cancellationToken)
    {
        // To peek needs no session, and takes no message from whoever works on it.
        await using var active = client.CreateReceiver(queue);
        var waiting = await active.PeekMessagesAsync(QueueDepth.Most, cancellationToken: cancellationToken);
        var dead = await PeekDeadLettersAsync(queue, QueueDepth.Most, cancellationToken);
        var now = time.GetUtcNow();
        var due = waiting.Select(message => message.ScheduledEnqueueTime > message.EnqueuedTime ? message.ScheduledEnqueueTime : message.EnqueuedTime)
            .Where(at => at <= now);
        return new QueueDepth(waiting.Count, due.Order().Select(at => (DateTimeOffset?)at).FirstOrDefault(), dead.Count);
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<ReceivedMessage>> PeekDeadLettersAsync(string queue, int take, CancellationToken cancellationToken)
    {
        await using var receiver = client.CreateReceiver(queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        var messages = await receiver.PeekMessagesAsync(take, cancellationToken: cancellationToken);
        return [.. messages.Select(BrokerMessages.FromBroker)];
    }

    /// <inheritdoc />
    public ValueTask<bool> RetryDeadLetterAsync(string queue, ReceivedMessage message, CancellationToken cancellationToken) =>
        TakeAsync(queue, message.Id, async dead =>
        {
            // Sent before the dead letter goes: who dies in between finds it there still, and the broker drops the second copy by its id.
            await senders.SendAsync(queue, [BrokerMessages.Anew(dead)], CancellationToken.None);
        }, cancellationToken);

    /// <inheritdoc />
    public ValueTask<bool> DropDeadLetterAsync(string queue, ReceivedMessage message, CancellationToken cancellationToken) =>
        TakeAsync(queue, message.Id, static _ => Task.CompletedTask, cancellationToken);

    // Dead letters have no sessions, and none is found by its id: they are held one after the other until it is there, and the others given back.
    private async ValueTask<bool> TakeAsync(string queue, string id, Func<ServiceBusReceivedMessage, Task> use, CancellationToken cancellationToken)
    {
        await using var receiver = client.CreateReceiver(queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        var others = new List<ServiceBusReceivedMessage>();
        try
        {
            while (others.Count < MostDead)
            {
                var messages = await receiver.ReceiveMessagesAsync(100, LeastWait, cancellationToken);
                if (messages.Count == 0) return false;
                var found = messages.FirstOrDefault(message => BrokerMessages.FromBroker(message).Id == id);
                others.AddRange(messages.Where(message => message != found));
                if (found is null) continue;
                await use(found);
                await receiver.CompleteMessageAsync(found, CancellationToken.None);
                return true;
            }

            return false;
        }
        finally
        {
            foreach (var other in others) await receiver.AbandonMessageAsync(other, cancellationToken: CancellationToken.None);
        }
    }

    private static BrokerSettlement SettlementOf(ServiceBusSessionReceiver session) => new(
        message => session.CompleteMessageAsync(message, CancellationToken.None),
        (message, properties) => session.AbandonMessageAsync(message, properties, CancellationToken.None),
        (message, reason) => session.DeadLetterMessageAsync(message, reason, cancellationToken: CancellationToken.None));
}
