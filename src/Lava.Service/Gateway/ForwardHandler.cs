using System.Diagnostics;
using System.Globalization;
using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Errors;
using Lava.Service.Metering;
using Lava.Service.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lava.Service.Gateway;

/// <summary><c>/v1/forward</c>: a call from end to end (docs/architecture.md). It is let in, reserved for, sent, relayed as it comes, and settled before its last bytes are released.</summary>
internal sealed partial class ForwardHandler(
    CallIntake intake,
    CallBudget budget,
    UpstreamClient upstream,
    PendingCalls pendingCalls,
    CallSettlement settlement,
    IOptions<GatewayOptions> options,
    TimeProvider time,
    ILogger<ForwardHandler> logger)
{
    /// <summary>Answers a call.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var started = Stopwatch.GetTimestamp();
        var now = time.GetUtcNow();
        var ulid = Ulid.Create(now);
        CallIntake.SetRequestId(http, Mode.Live, ulid);
        ForwardCall? call = null;
        try
        {
            (call, var error) = await intake.ReadAsync(http, ulid, now, started);
            error ??= await budget.ReserveAsync(call!, http.RequestAborted);
            if (error is not null) await ErrorWriter.WriteAsync(http, error);
            else await ForwardAsync(http, call!);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client left before anything was sent.
        }
        catch (TableStoreException fault)
        {
            LogStoreFailed(ulid, fault);
            await ErrorWriter.WriteAsync(http, ApiError.Unavailable());
        }
        finally
        {
            call?.Release();
        }
    }

    private async Task ForwardAsync(HttpContext http, ForwardCall call)
    {
        var pending = pendingCalls.Add(call.Tenant, call.Draft());
        using var patience = new RelayPatience(options.Value, time, http.RequestAborted);
        call.Sent = Stopwatch.GetTimestamp();
        HttpResponseMessage answer;
        try
        {
            answer = await patience.WaitAsync(new ValueTask<HttpResponseMessage>(upstream.SendAsync(call, http.Request, patience.Token)));
        }
        catch (OperationCanceledException)
        {
            settlement.Fail(call, pending, patience.IsClientGone ? "client_disconnected" : "provider_timeout", 504);
            await ErrorWriter.WriteAsync(http, ApiError.ProviderTimeout(call.Provider.Label));
            return;
        }
        catch (HttpRequestException fault)
        {
            LogUnreachable(call.RequestId, call.Provider.Id, fault.HttpRequestError);
            settlement.Fail(call, pending, "provider_unreachable", 502);
            await ErrorWriter.WriteAsync(http, ApiError.ProviderUnreachable(call.Provider.Label));
            return;
        }

        using (answer)
        {
            call.Answered = Stopwatch.GetTimestamp();
            CopyHead(http, call, answer);
            await RelayAsync(http, call, pending, answer, patience);
        }
    }

    private async Task RelayAsync(HttpContext http, ForwardCall call, PendingCall pending, HttpResponseMessage answer, RelayPatience patience)
    {
        var status = (int)answer.StatusCode;
        var headers = answer.Content.Headers;
        var contentType = headers.ContentType?.MediaType;
        using var reader = AnswerReaders.Create(call.Endpoint, answer.IsSuccessStatusCode ? contentType : null, Encoding(headers.ContentEncoding), call.WithholdsUsage);
        var isStream = contentType is "text/event-stream" or "application/vnd.amazon.eventstream" || call.Facts.Stream || call.Endpoint.Streams;

        // Only success is metered; an error of the provider passes as it is and costs nothing.
        Func<AnswerSummary, Task> settle = answer.IsSuccessStatusCode ? summary => settlement.CompleteAsync(call, pending, summary, status) : static _ => Task.CompletedTask;
        AnswerEnd end;
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(patience.Token);
            end = await AnswerRelay.CopyAsync(http, body, reader, isStream, call.Endpoint.Format is WireFormat.OpenAiChat or WireFormat.OpenAiMedia, settle, patience);
        }
        catch (Exception fault) when (fault is TableStoreException or IOException or OperationCanceledException)
        {
            LogNotSettled(call.RequestId, fault);
            settlement.Fail(call, pending, "not_settled", status);
            await CutAsync(http, ApiError.Unavailable());
            return;
        }

        if (answer.IsSuccessStatusCode && end == AnswerEnd.Whole) return;
        settlement.Fail(call, pending, !answer.IsSuccessStatusCode ? "provider_error" : end switch
        {
            AnswerEnd.Abandoned => "client_disconnected",
            AnswerEnd.TimedOut => "provider_timeout",
            AnswerEnd.Error => "provider_error",
            _ => "answer_incomplete",
        }, status);
        if (end == AnswerEnd.TimedOut) await CutAsync(http, ApiError.ProviderTimeout(call.Provider.Label));
        else if (end == AnswerEnd.Cut) await CutAsync(http, ApiError.ProviderUnreachable(call.Provider.Label));
    }

    /// <summary>Ends an answer that cannot be whole: as an error if nothing of it is on its way yet, otherwise by closing the connection without its end.</summary>
    private static async Task CutAsync(HttpContext http, ApiError error)
    {
        if (http.Response.HasStarted) throw new AnswerCutException();
        var requestId = http.Response.Headers["x-lava-request-id"];
        http.Response.Clear();
        http.Response.Headers["x-lava-request-id"] = requestId;
        await ErrorWriter.WriteAsync(http, error);
    }

    private static void CopyHead(HttpContext http, ForwardCall call, HttpResponseMessage answer)
    {
        var response = http.Response;
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.NonValidated) Copy(name, values);
        foreach (var (name, values) in answer.Content.Headers.NonValidated) Copy(name, values);
        if (!call.WithholdsUsage || !answer.IsSuccessStatusCode) response.ContentLength = answer.Content.Headers.ContentLength;
        response.Headers["server-timing"] = string.Create(
            CultureInfo.InvariantCulture,
            $"lava;dur={Stopwatch.GetElapsedTime(call.Started, call.Sent).TotalMilliseconds:0.###}, provider;dur={Stopwatch.GetElapsedTime(call.Sent, call.Answered).TotalMilliseconds:0.###}");

        void Copy(string name, System.Net.Http.Headers.HeaderStringValues values)
        {
            if (HeaderRules.IsReturned(name)) response.Headers[name] = values.Count == 1 ? values.ToString() : values.ToArray();
        }
    }

    private static string? Encoding(ICollection<string> encodings) => encodings.Count == 0 ? null : string.Join(',', encodings);

    [LoggerMessage(Level = LogLevel.Error, Message = "Call {Call} was refused because the store failed.")]
    private partial void LogStoreFailed(string call, Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {RequestId}: {Provider} could not be reached ({Error}).")]
    private partial void LogUnreachable(string requestId, string provider, HttpRequestError error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} could not be settled; its answer was cut before its end.")]
    private partial void LogNotSettled(string requestId, Exception fault);
}
