using Lava.FunctionsHost.Contract;
using Yarp.ReverseProxy.Forwarder;

namespace Lava.FunctionsHost;

/// <summary>Takes requests as the Functions host does: finds the function, tells the worker of the invocation, and forwards the request to the worker's own
/// server, which joins the two by the
/// invocation's id. Who goes away cancels both.</summary>
internal sealed class Front(WorkerProcess workers, IHttpForwarder forwarder) : IDisposable
{
    private const string InvocationHeader = "x-ms-invocation-id";

    // The platform ends a connection that is silent for so long.
    private static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromSeconds(230) };

    private readonly HttpMessageInvoker _client = new(new PatientHandler(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
    }));

    public async Task ServeAsync(HttpContext http)
    {
        var worker = await workers.ReadyAsync(http.RequestAborted);
        if (worker.Functions.FirstOrDefault(function => function.Serves(http.Request.Path)) is not { } function)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var id = Guid.NewGuid().ToString();
        http.Request.Headers[InvocationHeader] = id;
        var ended = worker.InvokeAsync(id, function, new TypedData { Http = new RpcHttp() }, http.RequestAborted);
        await forwarder.SendAsync(http, worker.HttpUri, _client, Config);
        try
        {
            await ended;
        }
        catch (InvalidOperationException) when (http.Response.HasStarted || http.RequestAborted.IsCancellationRequested || http.GetForwarderErrorFeature() is not null)
        {
            // The client has its answer, or has gone, or sees that the worker has.
        }
    }

    public void Dispose() => _client.Dispose();
}
