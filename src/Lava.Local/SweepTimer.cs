using Lava.Service.Gateway;
using Lava.Service.Metering;
using Microsoft.Extensions.Options;

namespace Lava.Local;

/// <summary>Runs the sweep in this process: at start, for what an earlier run left, and then once a minute or as often as its bound is short.</summary>
internal sealed partial class SweepTimer(Sweep sweep, IOptions<GatewayOptions> options, ILogger<SweepTimer> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var age = TimeSpan.FromSeconds(options.Value.SweepAfterSeconds);
        using var timer = new PeriodicTimer(age < TimeSpan.FromMinutes(1) ? age : TimeSpan.FromMinutes(1));
        try
        {
            do
            {
                try
                {
                    var closed = await sweep.RunAsync(age, stoppingToken);
                    if (closed > 0) LogClosed(closed);
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    LogFailed(fault);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} calls whose usage never came were closed as errors.")]
    private partial void LogClosed(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The sweep failed; it is tried again.")]
    private partial void LogFailed(Exception fault);
}
