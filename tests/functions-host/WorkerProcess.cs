using System.Diagnostics;
using System.Globalization;

namespace Lava.FunctionsHost;

/// <summary>Keeps a worker running: starts the app as the Functions host does, and again when it dies.</summary>
/// <param name="app">The app's assembly.</param>
/// <param name="lifetime">The host's, which ends when no worker becomes ready.</param>
internal sealed class WorkerProcess(string app, IHostApplicationLifetime lifetime)
{
    /// <summary>Starts in a row that come to nothing, after which the host gives up, as the Functions host does.</summary>
    private const int MaxFailures = 3;

    // Longer than the worker lets calls in flight go on.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(35);

    private readonly string _directory = Path.GetDirectoryName(app)!;
    private readonly Lock _gate = new();
    private TaskCompletionSource<Worker> _connected = NewConnection();
    private Process? _process;
    private Uri? _host;
    private int _failures;
    private bool _isEnding;

    /// <summary>Whether no worker became ready.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>The worker, once it has loaded its functions; the next one after one that has gone.</summary>
    public async Task<Worker> ReadyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task<Worker> connected;
            lock (_gate) connected = _connected.Task;
            var worker = await connected.WaitAsync(cancellationToken);
            try
            {
                await worker.Ready.WaitAsync(cancellationToken);
                return worker;
            }
            catch (InvalidOperationException)
            {
                // It went before it was ready; its process ends, and the next one is started then.
                await Task.Delay(50, cancellationToken);
            }
        }
    }

    /// <summary>Starts it.</summary>
    /// <param name="host">Where the host's end of the stream listens.</param>
    public void Start(Uri host)
    {
        _host = host;
        var id = Guid.NewGuid().ToString();
        string[] arguments =
        [
            app,
            "--host", host.Host, "--port", host.Port.ToString(CultureInfo.InvariantCulture), "--workerId", id, "--requestId", id, "--grpcMaxMessageLength", "2147483647",
            "--functions-uri", host.AbsoluteUri, "--functions-worker-id", id, "--functions-request-id", id,
            "--functions-grpc-max-message-length", "2147483647",
        ];
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = _directory, RedirectStandardOutput = true };

        // Without the first the worker can load no function.
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = _directory;
        start.Environment["FUNCTIONS_WORKER_DIRECTORY"] = _directory;
        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => System.Console.Error.WriteLine(line.Data);
        process.Exited += (_, _) => Restart();
        lock (_gate)
        {
            if (_isEnding) return;
            _process = process;
            process.Start();
        }

        process.BeginOutputReadLine();
        System.Console.WriteLine($"The worker is process {process.Id}.");
    }

    /// <summary>A worker has opened its stream.</summary>
    public Worker Connect()
    {
        var worker = new Worker(_directory);
        worker.Ready.ContinueWith(_ => _failures = 0, CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        lock (_gate)
        {
            if (_connected.Task.IsCompleted) _connected = NewConnection();
            _connected.SetResult(worker);
        }

        return worker;
    }

    /// <summary>Asks the worker to end, and waits; it finishes what it is doing.</summary>
    public async Task StopAsync()
    {
        Process? process;
        Task<Worker> connected;
        lock (_gate) (_isEnding, process, connected) = (true, _process, _connected.Task);
        if (process is null || process.HasExited) return;
        if (connected.IsCompletedSuccessfully) (await connected).Terminate();
        else process.Kill();
        using var limit = new CancellationTokenSource(Grace);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }
    }

    private static TaskCompletionSource<Worker> NewConnection() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Restart()
    {
        lock (_gate)
        {
            if (_isEnding) return;
            if (_connected.Task.IsCompleted) _connected = NewConnection();
        }

        if (++_failures > MaxFailures)
        {
            IsGivenUp = true;
            System.Console.Error.WriteLine("No worker became ready.");
            lifetime.StopApplication();
            return;
        }

        Start(_host!);
    }
}
