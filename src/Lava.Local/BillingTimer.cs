using Lava.Service.Billing;

namespace Lava.Local;

/// <summary>Does what is due for customers in this process: at start, for what an earlier run left, and then every few seconds.</summary>
internal sealed partial class BillingTimer(DueWork work, ILogger<BillingTimer> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period);
        try
        {
            do
            {
                try
                {
                    await work.RunAsync(stoppingToken);
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

    [LoggerMessage(Level = LogLevel.Error, Message = "Billing what is due failed; it is tried again.")]
    private partial void LogFailed(Exception fault);
}
