using Lava.Service.Ports.Queues;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Queues;

/// <summary>Receives a queue's messages in this process and hands them to its handler.</summary>
/// <param name="queue">The queues.</param>
/// <param name="handler">The handler.</param>
/// <param name="receivers">How many sessions are worked on at once.</param>
/// <param name="processor">What hands them over and settles them.</param>
/// <param name="logger">Where faults are told, without bodies.</param>
public sealed partial class QueueWorker(
    IMessageQueue queue,
    IMessageHandler handler,
    int receivers,
    SessionBatchProcessor processor,
    ILogger<QueueWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, receivers).Select(_ => ReceiveAsync(stoppingToken)));

    private async Task ReceiveAsync(CancellationToken stopping)
    {
        await Task.Yield();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await using var batch = await queue.ReceiveAsync(handler.Queue, handler.MaxMessages, Wait, stopping);

                // Not stopped in the middle: a batch in hand is finished, or it would have to be worked on twice.
                if (batch is not null) await processor.ProcessAsync(handler, batch, CancellationToken.None);
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

    [LoggerMessage(Level = LogLevel.Error, Message = "Receiving from {Queue} failed and will be retried.")]
    private partial void LogReceiveFailed(string queue, Exception fault);
}
