using Lava.Service.Billing;

namespace Lava.Functions.Timers;

/// <summary>Rolls billing cycles and does what else is due for customers.</summary>
public sealed class BillDueFunction(DueWork work)
{
    /// <summary>Runs once a minute, on one instance.</summary>
    [Function("bill-due-customers")]
    public async Task RunAsync([TimerTrigger("15 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) => await work.RunAsync(cancellationToken);
}
