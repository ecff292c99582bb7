using Azure.Messaging.ServiceBus;
using Lava.Service.Queues;
using Microsoft.Extensions.Logging;

namespace Lava.Functions.Queues;

/// <summary>Hands a trigger's messages to the queue's handler and settles them: done ones are completed, a poisonous one goes to the dead letters, and the rest is given
/// back, which the broker counts and ends in its dead letters too.</summary>
public sealed partial class HandlerRunner(IEnumerable<IMessageHandler> handlers, ILogger<HandlerRunner> logger)
{
    private readonly Dictionary<string, IMessageHandler> _handlers = handlers.ToDictionary(handler => handler.Queue, StringComparer.Ordinal);

    /// <summary>Works on messages of a queue, session by session. A fault of the handler does not escape: the messages given back are its consequence.</summary>
    public async Task RunAsync(string queue, IReadOnlyList<ServiceBusReceivedMessage> messages, ServiceBusMessageActions actions, CancellationToken cancellationToken)
    {
        var handler = _handlers[queue];
        foreach (var session in messages.GroupBy(message => message.SessionId, StringComparer.Ordinal))
        {
            foreach (var batch in session.Chunk(handler.MaxMessages))
            {
                // Later messages of a session must not overtake one that failed.
                if (await HandleAsync(handler, batch, actions, cancellationToken)) continue;
                await GiveBackAsync(session.SkipWhile(message => message != batch[^1]).Skip(1), actions);
                break;
            }
        }
    }

    private async Task<bool> HandleAsync(IMessageHandler handler, ServiceBusReceivedMessage[] batch, ServiceBusMessageActions actions, CancellationToken cancellationToken)
    {
        try
        {
            await handler.HandleAsync(batch[0].SessionId, [.. batch.Select(ServiceBusQueue.FromBroker)], cancellationToken);
        }
        catch (PoisonMessageException poison) when (poison.Poison is not null)
        {
            LogPoison(handler.Queue, poison.Poison.Id, poison);
            foreach (var message in batch)
            {
                if (message.LockToken == poison.Poison.Receipt) await actions.DeadLetterMessageAsync(message, deadLetterReason: poison.Message, cancellationToken: CancellationToken.None);
                else await actions.AbandonMessageAsync(message, cancellationToken: CancellationToken.None);
            }

            return false;
        }
        catch (Exception fault)
        {
            LogFailed(handler.Queue, batch.Length, batch[0].DeliveryCount, fault);
            await GiveBackAsync(batch, actions);
            return false;
        }

        // Done is done: a shutdown must not keep them from being completed, or they would be worked on twice.
        await Task.WhenAll(batch.Select(message => actions.CompleteMessageAsync(message, CancellationToken.None)));
        return true;
    }

    private static async Task GiveBackAsync(IEnumerable<ServiceBusReceivedMessage> messages, ServiceBusMessageActions actions)
    {
        foreach (var message in messages) await actions.AbandonMessageAsync(message, cancellationToken: CancellationToken.None);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {Id} of {Queue} can never be worked on and is a dead letter.")]
    private partial void LogPoison(string queue, string id, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} messages of {Queue} failed at delivery {Delivery}; they are given back.")]
    private partial void LogFailed(string queue, int count, int delivery, Exception fault);
}
