using Lava.Service.Api;
using Lava.Service.Api.Errors;
using Lava.Service.Credentials;
using Lava.Service.Gateway.Relay;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Tables;
using Lava.Service.Ports.Vault;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Hosting;

/// <summary>Puts into the envelope what no endpoint has: unknown addresses, wrong methods, unreadable requests, faults. Nothing of a fault is told to the
/// caller.</summary>
internal sealed partial class ErrorShield(RequestDelegate next, ILogger<ErrorShield> logger)
{
    /// <summary>Runs the rest of the pipeline.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
            var response = http.Response;
            if (response.HasStarted || response.ContentLength is not null) return;
            if (response.StatusCode == 404) await ErrorWriter.WriteAsync(http, ApiError.RouteNotFound());
            else if (response.StatusCode == 405) await ErrorWriter.WriteAsync(http, ApiError.MethodNotAllowed());
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be told.
        }
        catch (AnswerCutException) when (http.Response.HasStarted)
        {
            throw;
        }
        catch (TooManyGuessesException fault)
        {
            await ErrorWriter.WriteAsync(http, ApiError.TooManyGuesses(fault.Seconds));
        }
        catch (BadHttpRequestException fault)
        {
            await ErrorWriter.WriteAsync(http, fault.StatusCode == 413 ? ApiError.TooLarge() : ApiError.BadRequest(fault.StatusCode));
        }
        catch (TableStoreException fault)
        {
            LogFault(http.Request.Method, Route(http), RequestIds.Of(http), fault);
            await ErrorWriter.WriteAsync(http, ApiError.Unavailable());
        }
        catch (PaymentProcessorException fault)
        {
            LogFault(http.Request.Method, Route(http), RequestIds.Of(http), fault);
            await ErrorWriter.WriteAsync(http, fault.IsTransient ? ApiError.ProcessorUnavailable() : ApiError.PaymentsNotConfigured());
        }
        catch (VaultException fault)
        {
            LogFault(http.Request.Method, Route(http), RequestIds.Of(http), fault);
            await ErrorWriter.WriteAsync(http, ApiError.VaultUnavailable());
        }
        catch (Exception fault)
        {
            LogFault(http.Request.Method, Route(http), RequestIds.Of(http), fault);
            await ErrorWriter.WriteAsync(http, ApiError.Internal());
        }
    }

    // Not the address itself: some hold a secret or somebody's name.
    private static string Route(HttpContext http) => (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "an unknown address";

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Route} failed (request {RequestId}).")]
    private partial void LogFault(string method, string route, string requestId, Exception fault);
}
