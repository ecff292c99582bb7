using Azure.Messaging.ServiceBus;
using Lava.Service.Queues;
using Microsoft.Extensions.Logging;

namespace Lava.Functions.Queues;

/// <summary>Hands a trigger's messages, session by session, to what works on every head's batches (<see cref="SessionBatchProcessor"/>).</summary>
public sealed partial class HandlerRunner(
    IEnumerable<IMessageHandler> handlers, ServiceBusSenders senders, SessionBatchProcessor processor, TimeProvider time, ILogger<HandlerRunner> logger)
{
    private readonly Dictionary<string, IMessageHandler> _handlers = handlers.ToDictionary(handler => handler.Queue, StringComparer.Ordinal);

    /// <summary>Works on messages of a queue. No fault escapes: it would settle nothing.</summary>
    public async Task RunAsync(
        string queue,
        IReadOnlyList<ServiceBusReceivedMessage> messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken)
    {
        var handler = _handlers[queue];
        var settlement = new BrokerSettlement(
            message => actions.CompleteMessageAsync(message, CancellationToken.None),
            (message, properties) => actions.AbandonMessageAsync(message, properties, CancellationToken.None),
            (message, reason) => actions.DeadLetterMessageAsync(message, deadLetterReason: reason, cancellationToken: CancellationToken.None),
            (count, fault) => LogUnsettled(queue, count, fault));
        foreach (var session in messages.GroupBy(message => message.SessionId, StringComparer.Ordinal))
        {
            var isAll = true;
            foreach (var part in session.Chunk(handler.MaxMessages))
            {
                var batch = new ServiceBusBatch(queue, part, settlement, senders, time);
                try
                {
                    // What comes after something that waits is looked at anew.
                    if (isAll) isAll = await processor.ProcessAsync(handler, batch, cancellationToken);
                    else await batch.PostponeAsync(batch.Messages, TimeSpan.Zero, CancellationToken.None);
                }
                catch (Exception fault)
                {
                    isAll = false;
                    LogUnsettled(queue, part.Length, fault);
                }
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} messages of {Queue} could not be settled and will be delivered again.")]
    private partial void LogUnsettled(string queue, int count, Exception fault);
}
