using Azure.Messaging.ServiceBus;
using Lava.Service.Ports;
using Lava.Service.Queues;
using Microsoft.Extensions.Logging;

namespace Lava.Functions.Queues;

/// <summary>Hands a trigger's messages to the queue's handler and settles each on its own: what is done is completed, what can never be done goes to the dead letters, and what failed
/// is delivered again after a wait.
/// <para>At least once: a message is completed only after its work, or after its copy that waits is in the queue. Who dies in between has both delivered, and every handler bears that.</para>
/// <para>Order: a message that waits is overtaken by its session. Service Bus could keep the order only by holding the session, and a paid instance with it, for as long as the wait, or by
/// giving the message out again at once, ten times within a second. No handler needs it: usage records are charged each by its own marker and add up in any order; a billing message asks
/// to look at the customer as it is then; the looks at a payment and the attempts at a delivery carry their number and find out what has happened since. What sessions are for, that an
/// account is worked on by one instance at a time, stays.</para></summary>
public sealed partial class HandlerRunner(IEnumerable<IMessageHandler> handlers, ServiceBusSenders senders, TimeProvider time, ILogger<HandlerRunner> logger)
{
    /// <summary>Deliveries of a message that fails by its own fault before it goes to the dead letters: as many as the broker makes.</summary>
    public const int MaxAttempts = 10;

    // The broker takes 4,096 characters.
    private const int MaxReason = 2_000;

    private readonly Dictionary<string, IMessageHandler> _handlers = handlers.ToDictionary(handler => handler.Queue, StringComparer.Ordinal);

    /// <summary>Works on messages of a queue, session by session. No fault escapes: it would settle nothing.</summary>
    public async Task RunAsync(string queue, IReadOnlyList<ServiceBusReceivedMessage> messages, ServiceBusMessageActions actions, CancellationToken cancellationToken)
    {
        var handler = _handlers[queue];
        foreach (var session in messages.GroupBy(message => message.SessionId, StringComparer.Ordinal))
        {
            foreach (var batch in session.Chunk(handler.MaxMessages)) await HandleAsync(handler, [.. batch], actions, cancellationToken);
        }
    }

    private async Task HandleAsync(IMessageHandler handler, List<ServiceBusReceivedMessage> batch, ServiceBusMessageActions actions, CancellationToken cancellationToken)
    {
        while (batch.Count > 0)
        {
            try
            {
                await handler.HandleAsync(batch[0].SessionId, [.. batch.Select(BrokerMessages.FromBroker)], cancellationToken);

                // Done is done: a shutdown must not keep them from being completed, or they would be worked on twice.
                await SettleAsync(handler, batch, message => actions.CompleteMessageAsync(message, CancellationToken.None));
                return;
            }
            catch (PoisonMessageException poison) when (batch.Find(message => message.LockToken == poison.Poison?.Receipt) is { } bad)
            {
                // The others are handed over again at once, without it: they did nothing wrong.
                LogPoison(handler.Queue, poison.Poison!.Id, poison);
                await BuryAsync(handler, bad, poison.Message, actions);
                batch.Remove(bad);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The instance goes; another takes them now.
                await SettleAsync(handler, batch, message => actions.AbandonMessageAsync(message, cancellationToken: CancellationToken.None));
                return;
            }
            catch (TableStoreException fault) when (fault.IsTransient)
            {
                // Not the messages' fault, so it never makes dead letters of them, however long the store is away; and no use to try them one by one.
                LogFailed(handler.Queue, batch.Count, BrokerMessages.FromBroker(batch[0]).Attempt, fault);
                await PutBackAsync(handler, batch, actions);
                return;
            }
            catch (Exception fault) when (batch.Count > 1)
            {
                // One of them, perhaps: one by one, so that it takes no other with it.
                LogFailed(handler.Queue, batch.Count, BrokerMessages.FromBroker(batch[0]).Attempt, fault);
                foreach (var message in batch) await HandleAsync(handler, [message], actions, cancellationToken);
                return;
            }
            catch (Exception fault)
            {
                var attempt = BrokerMessages.FromBroker(batch[0]).Attempt;
                LogFailed(handler.Queue, 1, attempt, fault);
                if (attempt >= MaxAttempts) await BuryAsync(handler, batch[0], $"It was delivered {attempt} times without success.", actions);
                else await PutBackAsync(handler, batch, actions);
                return;
            }
        }
    }

    /// <summary>Has messages delivered again after a wait that is the same for all, so that they come back together.</summary>
    private async Task PutBackAsync(IMessageHandler handler, List<ServiceBusReceivedMessage> batch, ServiceBusMessageActions actions)
    {
        var due = time.GetUtcNow() + QueueWorker.DelayAfter(BrokerMessages.FromBroker(batch[0]).Attempt, Random.Shared.NextDouble());
        try
        {
            await senders.SendAsync(handler.Queue, [.. batch.Select(message => BrokerMessages.Again(message, due))], CancellationToken.None);
        }
        catch (Exception fault)
        {
            // Without a copy it must not be completed. The broker gives it out at once, and counts.
            LogUnsettled(handler.Queue, batch.Count, fault);
            await SettleAsync(handler, batch, message => actions.AbandonMessageAsync(message, cancellationToken: CancellationToken.None));
            return;
        }

        await SettleAsync(handler, batch, message => actions.CompleteMessageAsync(message, CancellationToken.None));
    }

    private Task BuryAsync(IMessageHandler handler, ServiceBusReceivedMessage message, string reason, ServiceBusMessageActions actions) => SettleAsync(
        handler,
        [message],
        bad => actions.DeadLetterMessageAsync(bad, deadLetterReason: reason.Length > MaxReason ? reason[..MaxReason] : reason, cancellationToken: CancellationToken.None));

    // One whose lock is lost is delivered again; that must not keep the others from being settled.
    private async Task SettleAsync(IMessageHandler handler, List<ServiceBusReceivedMessage> batch, Func<ServiceBusReceivedMessage, Task> settle)
    {
        await Task.WhenAll(batch.Select(async message =>
        {
            try
            {
                await settle(message);
            }
            catch (Exception fault)
            {
                LogUnsettled(handler.Queue, 1, fault);
            }
        }));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {Id} of {Queue} can never be worked on and is a dead letter.")]
    private partial void LogPoison(string queue, string id, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} messages of {Queue} failed at attempt {Attempt}; they are delivered again.")]
    private partial void LogFailed(string queue, int count, int attempt, Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} messages of {Queue} could not be settled; they are delivered again.")]
    private partial void LogUnsettled(string queue, int count, Exception fault);
}
