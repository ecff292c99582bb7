using Lava.Service.Billing.Due;
using Lava.Service.Hosting.SystemState;

namespace Lava.Functions.Timers;

/// <summary>Rolls billing cycles, tries failed payments again and does what else is due for customers, in the order in which it is due.</summary>
public sealed class RollBillingCyclesFunction(DueWork work, JobLog jobs)
{
    /// <summary>Runs once a minute, on one instance.</summary>
    [Function("roll-billing-cycles")]
    public async Task RunAsync([TimerTrigger("15 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        await jobs.RunAsync("roll-billing-cycles", TimeSpan.FromMinutes(1), async token => await work.RunAsync(token), cancellationToken);
}
