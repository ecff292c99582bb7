using Grpc.Core;
using Lava.FunctionsHost.Contract;

namespace Lava.FunctionsHost;

/// <summary>The stream between the host and its worker.</summary>
internal sealed class WorkerService(WorkerProcess workers) : FunctionRpc.FunctionRpcBase
{
    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        var worker = workers.Connect();
        var writing = WriteAsync(worker, responseStream, context.CancellationToken);
        try
        {
            await foreach (var message in requestStream.ReadAllAsync(context.CancellationToken)) worker.Take(message);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            // It died, or the host ends.
        }
        catch (InvalidOperationException fault)
        {
            await System.Console.Error.WriteLineAsync(fault.Message);
            worker.Terminate();
        }
        finally
        {
            worker.Lose();
            await writing;
        }
    }

    private static async Task WriteAsync(Worker worker, IServerStreamWriter<StreamingMessage> stream, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in worker.ToWorker.ReadAllAsync(cancellationToken)) await stream.WriteAsync(message, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or InvalidOperationException)
        {
            // Nobody is there to be told.
        }
    }
}
