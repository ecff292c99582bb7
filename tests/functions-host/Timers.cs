using Lava.FunctionsHost.Contract;
using Lava.Service.Gateway.Calls;
using Microsoft.Extensions.Options;

namespace Lava.FunctionsHost;

/// <summary>Fires the timers, more often than their schedules: a test does not wait for a minute. The nightly audit is left out, for a test asks for it when
/// nothing moves.</summary>
internal sealed class Timers(WorkerProcess workers, IOptions<GatewayOptions> options)
{
    private const string Nightly = "audit-ledger";

    // What the host's timer extension gives to a worker.
    private const string Tick = """{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}""";

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public void Start() => _running = RunAsync(_stop.Token);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(Math.Min(5, options.Value.SweepAfterSeconds)));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                var worker = await workers.ReadyAsync(cancellationToken);
                var timers = worker.Functions.Where(function => function.IsTriggeredBy("timerTrigger") && function.Name != Nightly);
                foreach (var function in timers) await FireAsync(worker, function, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host ends.
        }
    }

    private static async Task FireAsync(Worker worker, LoadedFunction function, CancellationToken cancellationToken)
    {
        try
        {
            await worker.InvokeAsync(Guid.NewGuid().ToString(), function, new TypedData { Json = Tick }, cancellationToken);
        }
        catch (InvalidOperationException fault)
        {
            await System.Console.Error.WriteLineAsync($"{function.Name}: {fault.Message}");
        }
    }
}
