using Lava.Service.Gateway.Calls;
using Lava.Service.Ledger.Leases;
using Lava.Service.Metering.Pending;
using Lava.Service.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Hosting;

/// <summary>What every instance does beside answering: it writes down calls in flight, renews its leases, gives them back when it stops, and tries a store that
/// took no writes.</summary>
internal sealed partial class GatewayUpkeep(
    PendingCalls pending,
    Budgets budgets,
    StoreGate gate,
    CallsInFlight calls,
    TimeProvider time,
    ILogger<GatewayUpkeep> logger) : BackgroundService
{
    /// <summary>Longest wait for the calls that are ended when the instance's time is over.</summary>
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(5);

    /// <summary>Longest time for giving leases back. It is their own: the time of the host may be over when the last calls have been cut, and what is not given
    /// back is held until it runs out.</summary>
    private static readonly TimeSpan GiveBackTime = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await calls.EndAsync(EndTime, time);
        await base.StopAsync(cancellationToken);
        using var limit = new CancellationTokenSource(GiveBackTime);
        try
        {
            await budgets.StopAsync(limit.Token);
        }
        catch (Exception fault)
        {
            LogNotGivenBack(fault);
        }
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        RepeatAsync(PendingCalls.Grace, pending.FlushAsync, stoppingToken),
        RepeatAsync(StoreGate.Period, gate.TendAsync, stoppingToken),
        RepeatAsync(Budgets.RenewalPeriod, KeepBudgetsAsync, stoppingToken));

    // Not awaited: the next round is due whether or not a book out of reach still keeps this one.
    private ValueTask KeepBudgetsAsync(CancellationToken stopping)
    {
        _ = budgets.KeepAsync(stopping);
        return ValueTask.CompletedTask;
    }

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

    [LoggerMessage(Level = LogLevel.Error, Message = "Leases could not be given back. Fences will end them.")]
    private partial void LogNotGivenBack(Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "Upkeep failed and will be retried.")]
    private partial void LogFailed(Exception fault);
}
