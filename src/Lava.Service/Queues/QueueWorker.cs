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
        var messages = batch.Messages;
        while (messages.Count > 0)
        {
            try
            {
                await handler.HandleAsync(batch.Session, messages, CancellationToken.None);
                await batch.CompleteAsync(messages, CancellationToken.None);
                return;
            }
            catch (PoisonMessageException poison) when (poison.Poison is { } bad && messages.Contains(bad))
            {
                // The others are handed over again at once, without it: they did nothing wrong.
                LogPoison(handler.Queue, bad.Id, poison);
                await batch.DeadLetterAsync(bad, poison.Message, CancellationToken.None);
                messages = [.. messages.Where(message => message != bad)];
            }
            catch (SessionLostException)
            {
                LogLost(handler.Queue, messages.Count);
                return;
            }
            catch (Exception fault)
            {
                // The first one waits and its session with it; the batch gives the others back when it is disposed.
                var attempt = messages[0].Attempt;
                LogHandleFailed(handler.Queue, messages.Count, attempt, fault);
                await batch.AbandonAsync(messages[0], DelayAfter(attempt, Random.Shared.NextDouble()), CancellationToken.None);
                return;
            }
        }
    }

    /// <summary>How long a message waits after its <paramref name="attempt"/>th delivery failed: twice as long each time, at most a minute, times 0.5 to 1.5 so
    /// that sessions which failed together do not come back together.</summary>
    public static TimeSpan DelayAfter(int attempt, double jitter) => TimeSpan.FromMilliseconds(Math.Min(60_000, 200 * Math.Pow(2, attempt)) * (0.5 + jitter));

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} messages of {Queue} were worked on, but their session was lost meanwhile; they are delivered again.")]
    private partial void LogLost(string queue, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Receiving from {Queue} failed; it is tried again.")]
    private partial void LogReceiveFailed(string queue, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} messages of {Queue} failed at attempt {Attempt}; they are delivered again.")]
    private partial void LogHandleFailed(string queue, int count, int attempt, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {Id} of {Queue} can never be worked on and is a dead letter.")]
    private partial void LogPoison(string queue, string id, Exception fault);
}
