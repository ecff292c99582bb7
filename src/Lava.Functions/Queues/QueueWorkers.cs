using Lava.Service.Ports.Queues;
using Lava.Service.Queues;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lava.Functions.Queues;

/// <summary>Where no Service Bus is configured: a worker in this process for every queue.</summary>
public sealed class QueueWorkers(
    IMessageQueue queue,
    IEnumerable<IMessageHandler> handlers,
    SessionBatchProcessor processor,
    ILogger<QueueWorker> logger) : IHostedService, IDisposable
{
    /// <summary>Sessions of a queue that are worked on at once.</summary>
    private const int Receivers = 2;

    private readonly QueueWorker[] _workers = [.. handlers.Select(handler => new QueueWorker(queue, handler, Receivers, processor, logger))];

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(_workers.Select(worker => worker.StartAsync(cancellationToken)));

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_workers.Select(worker => worker.StopAsync(cancellationToken)));

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var worker in _workers) worker.Dispose();
    }
}
