using Lava.Service.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Queues;

/// <summary>Receives a queue's messages in this process and hands them to its handler.</summary>
/// <param name="queue">The queues.</param>
/// <param name="handler">The handler.</param>
/// <param name="receivers">How many sessions are worked on at once.</param>
/// <param name="logger">Where faults are told, without bodies.</param>
public sealed partial class QueueWorker(IMessageQueue queue, IMessageHandler handler, int receivers, ILogger<QueueWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, receivers).Select(_ => ReceiveAsync(stoppingToken)));

    private async Task ReceiveAsync(CancellationToken stopping)
    {
        await Task.Yield();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await using var batch = await queue.ReceiveAsync(handler.Queue, handler.MaxMessages, Wait, stopping);
                if (batch is not null) await HandleAsync(batch);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                LogReceiveFailed(handler.Queue, fault);
                await Task.Delay(TimeSpan.FromSeconds(1), stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Not stopped in the middle: a batch in hand is finished, or it would have to be worked on twice.
    private async Task HandleAsync(ISessionBatch batch)
    {
        try
        {
            await handler.HandleAsync(batch.Session, batch.Messages, CancellationToken.None);
            await batch.CompleteAsync(batch.Messages, CancellationToken.None);
        }
        catch (PoisonMessageException poison) when (poison.Poison is not null)
        {
            LogPoison(handler.Queue, poison.Poison.Id, poison);
            await batch.DeadLetterAsync(poison.Poison, poison.Message, CancellationToken.None);
        }
        catch (Exception fault)
        {
            var attempt = batch.Messages[0].Attempt;
            LogHandleFailed(handler.Queue, batch.Messages.Count, attempt, fault);
            var delay = TimeSpan.FromMilliseconds(Math.Min(60_000, 200 * Math.Pow(2, attempt)) * (0.5 + Random.Shared.NextDouble()));
            foreach (var message in batch.Messages) await batch.AbandonAsync(message, delay, CancellationToken.None);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Receiving from {Queue} failed; it is tried again.")]
    private partial void LogReceiveFailed(string queue, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} messages of {Queue} failed at attempt {Attempt}; they are delivered again.")]
    private partial void LogHandleFailed(string queue, int count, int attempt, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {Id} of {Queue} can never be worked on and is a dead letter.")]
    private partial void LogPoison(string queue, string id, Exception fault);
}
