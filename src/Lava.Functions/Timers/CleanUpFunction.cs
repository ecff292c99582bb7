using Lava.Service.Hosting;

namespace Lava.Functions.Timers;

/// <summary>Removes rows that are worth nothing any more.</summary>
public sealed class CleanUpFunction(CleanUp cleanUp)
{
    /// <summary>Runs once an hour, on one instance.</summary>
    [Function("clean-up")]
    public async Task RunAsync([TimerTrigger("30 20 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        await cleanUp.RunAsync(cancellationToken);
}
