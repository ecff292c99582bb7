namespace Lava.Local;

/// <summary>Runs a job in this process: at start, for what an earlier run left, and then at each period. A run that fails is logged, and the next one
/// comes.</summary>
internal sealed partial class PeriodicJob(string name, TimeSpan period, Func<CancellationToken, Task> run, ILogger<PeriodicJob> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(period);
        try
        {
            do
            {
                try
                {
                    await run(stoppingToken);
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    LogFailed(name, fault);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The {Job} failed and will be retried.")]
    private partial void LogFailed(string job, Exception fault);
}
