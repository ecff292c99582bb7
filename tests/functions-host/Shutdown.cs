namespace Lava.FunctionsHost;

/// <summary>Ends things in the order of the Functions host: triggers first, then the worker, which finishes the calls that it has, and the server last, for the
/// worker's stream is held by it.</summary>
internal sealed class Shutdown(Timers timers, Queues queues, WorkerProcess workers) : IHostedLifecycleService
{
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await timers.StopAsync();
        await queues.StopAsync();
        await workers.StopAsync();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
