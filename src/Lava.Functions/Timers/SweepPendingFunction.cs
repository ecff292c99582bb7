using Lava.Service.Gateway.Calls;
using Lava.Service.Hosting.SystemState;
using Lava.Service.Metering.Pending;
using Microsoft.Extensions.Options;

namespace Lava.Functions.Timers;

/// <summary>Closes calls whose usage record never came (design.md, "A call, from end to end", 7).</summary>
public sealed class SweepPendingFunction(Sweep sweep, IOptions<GatewayOptions> options, JobLog jobs)
{
    /// <summary>Runs once a minute, on one instance.</summary>
    [Function("sweep-pending-requests")]
    public async Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        await jobs.RunAsync(
            "sweep-pending-requests",
            TimeSpan.FromMinutes(1),
            async token => await sweep.RunAsync(TimeSpan.FromSeconds(options.Value.SweepAfterSeconds), token),
            cancellationToken);
}
