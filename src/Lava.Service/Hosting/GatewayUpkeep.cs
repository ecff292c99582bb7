using Lava.Service.Ledger;
using Lava.Service.Metering;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Hosting;

/// <summary>What every instance does beside answering: it writes down calls in flight, renews its leases, and gives them back when it stops.</summary>
public sealed partial class GatewayUpkeep(PendingCalls pending, Budgets budgets, ILogger<GatewayUpkeep> logger) : BackgroundService
{
    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await budgets.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        RepeatAsync(PendingCalls.Grace, pending.FlushAsync, stoppingToken),
        RepeatAsync(Budgets.RenewalPeriod, budgets.KeepAsync, stoppingToken));

    private async Task RepeatAsync(TimeSpan period, Func<CancellationToken, ValueTask> work, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(period);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                try
                {
                    await work(stopping);
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    LogFailed(fault);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The instance stops.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Upkeep failed; it is tried again.")]
    private partial void LogFailed(Exception fault);
}
