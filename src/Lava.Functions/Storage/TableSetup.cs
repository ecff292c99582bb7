using Lava.Service.Ports;
using Microsoft.Extensions.Hosting;

namespace Lava.Functions.Storage;

/// <summary>Makes the tables before the first request and the first message.</summary>
public sealed class TableSetup(ITableStore tables) : IHostedService
{
    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken) => await tables.EnsureTablesAsync(Tables.All, cancellationToken);

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
