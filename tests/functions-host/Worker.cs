using System.Collections.Concurrent;
using System.Threading.Channels;
using Lava.FunctionsHost.Contract;

namespace Lava.FunctionsHost;

/// <summary>A worker that is connected: its functions, and what they are doing.</summary>
/// <param name="directory">Where the app lies.</param>
internal sealed class Worker(string directory)
{
    private readonly Channel<StreamingMessage> _toWorker = Channel.CreateUnbounded<StreamingMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _running = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<string> _loading = new(StringComparer.Ordinal);

    /// <summary>Its functions in the order in which the host looks for one that serves an address: by name.</summary>
    public IReadOnlyList<LoadedFunction> Functions { get; private set; } = [];

    /// <summary>Where the worker takes requests.</summary>
    public string HttpUri { get; private set; } = "";

    /// <summary>Ends when every function is loaded; fails when the worker goes before.</summary>
    public Task Ready => _ready.Task;

    public ChannelReader<StreamingMessage> ToWorker => _toWorker.Reader;

    /// <summary>Runs a function; ends when it has ended.</summary>
    /// <exception cref="InvalidOperationException">The function failed, or the worker went.</exception>
    public async Task InvokeAsync(string id, LoadedFunction function, TypedData input, CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[id] = ended;
        var request = new InvocationRequest
        {
            InvocationId = id,
            FunctionId = function.Id,
            InputData = { new ParameterBinding { Name = function.Parameter, Data = input } },
            TraceContext = new RpcTraceContext(),
        };
        if (!_toWorker.Writer.TryWrite(new StreamingMessage { InvocationRequest = request })) Fail(id);
        await using var cancelled = cancellationToken.Register(() => Say(new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = id } }));
        await ended.Task;
    }

    /// <summary>Asks it to end.</summary>
    public void Terminate() => Say(new StreamingMessage { WorkerTerminate = new WorkerTerminate() });

    /// <summary>Takes what the worker says.</summary>
    /// <exception cref="InvalidOperationException">The worker could not begin, or a function could not be loaded.</exception>
    public void Take(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case StreamingMessage.ContentOneofCase.StartStream:
                var init = new WorkerInitRequest { HostVersion = "4.1045.0", WorkerDirectory = directory, FunctionAppDirectory = directory };
                Say(new StreamingMessage { WorkerInitRequest = init });
                break;
            case StreamingMessage.ContentOneofCase.WorkerInitResponse:
                Check(message.WorkerInitResponse.Result, "The worker could not begin");
                HttpUri = message.WorkerInitResponse.Capabilities["HttpUri"];
                Say(new StreamingMessage { FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = directory } });
                break;
            case StreamingMessage.ContentOneofCase.FunctionMetadataResponse:
                Load(message.FunctionMetadataResponse);
                break;
            case StreamingMessage.ContentOneofCase.FunctionLoadResponse:
                Check(message.FunctionLoadResponse.Result, "A function could not be loaded");
                _loading.Remove(message.FunctionLoadResponse.FunctionId);
                if (_loading.Count == 0) _ready.TrySetResult();
                break;
            case StreamingMessage.ContentOneofCase.InvocationResponse:
                End(message.InvocationResponse);
                break;
            case StreamingMessage.ContentOneofCase.RpcLog when message.RpcLog.Level >= RpcLog.Types.Level.Error:
                System.Console.Error.WriteLine($"{message.RpcLog.Category}: {message.RpcLog.Message} {message.RpcLog.Exception?.Message}");
                break;
        }
    }

    /// <summary>It is gone, and what it was doing will not end.</summary>
    public void Lose()
    {
        _toWorker.Writer.TryComplete();
        _ready.TrySetException(Gone());
        foreach (var id in _running.Keys) Fail(id);
    }

    private static InvalidOperationException Gone() => new("The worker is gone.");

    private static void Check(StatusResult result, string failure)
    {
        if (result.Status != StatusResult.Types.Status.Success) throw new InvalidOperationException($"{failure}: {result.Exception?.Message ?? result.Result}");
    }

    private void Say(StreamingMessage message) => _toWorker.Writer.TryWrite(message);

    private void Load(FunctionMetadataResponse indexed)
    {
        Check(indexed.Result, "The worker's functions could not be indexed");
        var functions = indexed.FunctionMetadataResults.Select(metadata => new LoadedFunction(metadata));
        Functions = [.. functions.OrderBy(function => function.Name, StringComparer.Ordinal)];
        foreach (var metadata in indexed.FunctionMetadataResults) _loading.Add(metadata.FunctionId);
        foreach (var metadata in indexed.FunctionMetadataResults)
            Say(new StreamingMessage { FunctionLoadRequest = new FunctionLoadRequest { FunctionId = metadata.FunctionId, Metadata = metadata } });
    }

    private void End(InvocationResponse response)
    {
        if (!_running.TryRemove(response.InvocationId, out var ended)) return;
        if (response.Result.Status == StatusResult.Types.Status.Failure)
            ended.TrySetException(new InvalidOperationException(response.Result.Exception?.Message ?? "The function failed."));
        else
            ended.TrySetResult();
    }

    private void Fail(string id)
    {
        if (_running.TryRemove(id, out var ended)) ended.TrySetException(Gone());
    }
}
