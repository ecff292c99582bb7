using Lava.Functions.Http;
using Lava.Service.Ports.Tables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Lava.Functions.Hosting;

/// <summary>Makes the tables and the pipeline before the worker tells the host that it is there, so that no first call waits for them: both at once, for a new
/// instance's start is waited for.</summary>
internal sealed class StartUp(ITableStore tables, IServiceProvider services) : IHostedLifecycleService
{
    /// <inheritdoc />
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var pipeline = Task.Run(services.GetRequiredService<InnerPipeline>, cancellationToken);
        await tables.EnsureTablesAsync(TableNames.All, cancellationToken);
        await pipeline;
    }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
