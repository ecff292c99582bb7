using Lava.Service.Hosting;
using Lava.Service.Hosting.SystemState;

namespace Lava.Functions.Timers;

/// <summary>Removes rows that are worth nothing any more.</summary>
public sealed class CleanUpFunction(CleanUp cleanUp, JobLog jobs)
{
    /// <summary>Runs once an hour, on one instance.</summary>
    [Function("clean-up")]
    public async Task RunAsync([TimerTrigger("30 20 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        await jobs.RunAsync("clean-up", TimeSpan.FromHours(1), async token => await cleanUp.RunAsync(token), cancellationToken);
}
