using Lava.Service.Api;
using Lava.Service.Api.Errors;
using Lava.Service.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;

namespace Lava.Functions.Http;

/// <summary>The service's endpoints as one pipeline, which every HTTP function runs. The worker has matched the request to a function by then, and routing does
/// nothing where an endpoint is set, so the outer endpoint and route values are set aside meanwhile.</summary>
public sealed partial class InnerPipeline
{
    private readonly RequestDelegate _pipeline;
    private readonly ILogger _logger;

    /// <summary>Builds the pipeline, once for the app.</summary>
    public InnerPipeline(IServiceProvider services, ILogger<InnerPipeline> logger)
        : this(new ApplicationBuilder(services).UseLava().Build(), logger)
    {
    }

    internal InnerPipeline(RequestDelegate pipeline, ILogger logger)
    {
        _pipeline = pipeline;
        _logger = logger;
    }

    /// <summary>Answers the request; the response is written when this returns. Nothing escapes, for the worker would make an empty 200 of an
    /// exception.</summary>
    public async Task<IActionResult> RunAsync(HttpRequest request)
    {
        var http = request.HttpContext;
        var endpoint = http.GetEndpoint();
        var values = request.RouteValues;
        http.SetEndpoint(null);
        request.RouteValues = [];
        try
        {
            await _pipeline(http);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be told.
        }
        catch (Exception fault)
        {
            LogFault(fault, request.Method, RequestIds.Of(http));
            await RefuseAsync(http);
        }
        finally
        {
            http.SetEndpoint(endpoint);
            request.RouteValues = values;
        }

        return new EmptyResult();
    }

    private async Task RefuseAsync(HttpContext http)
    {
        try
        {
            if (!http.Response.HasStarted) http.Response.Clear();
            await ErrorWriter.WriteAsync(http, ApiError.Internal());
        }
        catch (Exception fault)
        {
            // The response is past mending: a cut connection says so.
            LogFault(fault, http.Request.Method, RequestIds.Of(http));
            http.Abort();
        }
    }

    // Not the address: some hold a secret.
    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} request {RequestId} failed.")]
    private partial void LogFault(Exception fault, string method, string requestId);
}
