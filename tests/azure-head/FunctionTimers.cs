using Lava.Functions.Timers;
using Lava.Service.Gateway.Calls;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace Lava.AzureHead;

/// <summary>Runs the timer functions, more often than their schedules: a test does not wait for a minute.</summary>
internal sealed partial class FunctionTimers(IServiceProvider services, IOptions<GatewayOptions> options, ILogger<FunctionTimers> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var sweep = ActivatorUtilities.CreateInstance<SweepPendingFunction>(services);
        var cleanUp = ActivatorUtilities.CreateInstance<CleanUpFunction>(services);
        var bill = ActivatorUtilities.CreateInstance<RollBillingCyclesFunction>(services);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(Math.Min(5, options.Value.SweepAfterSeconds)));
        do
        {
            try
            {
                await sweep.RunAsync(new TimerInfo(), stoppingToken);
                await bill.RunAsync(new TimerInfo(), stoppingToken);
                await cleanUp.RunAsync(new TimerInfo(), stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                LogFailed(fault);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A timer's function failed; it is tried again.")]
    private partial void LogFailed(Exception fault);
}
