using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Core.Keys;
using Lava.Service.Api;
using Lava.Service.Api.Errors;
using Lava.Service.Gateway.Caching;
using Lava.Service.Gateway.History;
using Lava.Service.Gateway.Intake;
using Lava.Service.Gateway.Relay;
using Lava.Service.Gateway.Reservations;
using Lava.Service.Gateway.Upstream;
using Lava.Service.Metering.Pending;
using Lava.Service.Metering.Records;
using Lava.Service.Ports.Tables;
using Lava.Service.Ports.Vault;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lava.Service.Gateway.Calls;

/// <summary>A call from end to end (docs/architecture.md): it is let in, reserved for, sent, relayed as it comes, and settled before its last bytes are
/// released. An attempt that fails before anything of it has gone to the client may be followed by one at another provider.</summary>
internal sealed partial class CallRunner(
    AnswerCache answers, ProviderCatalogue catalogue, CallBudget budget, UpstreamAttempts attempts, PendingCalls pendingCalls, CallSettlement settlement,
    ResponseHistory history, CallsInFlight inFlight, IOptions<GatewayOptions> options, TimeProvider time, ILogger<CallRunner> logger)
{
    /// <summary>Answers a call, in the five steps of docs/architecture.md.</summary>
    /// <param name="http">The request.</param>
    /// <param name="plan">Lets it in and says where it goes.</param>
    public async Task RunAsync(HttpContext http, CallPlan plan)
    {
        var start = CallStart.Now(time);
        CallIntake.SetRequestId(http, Mode.Live, start.Ulid);
        ForwardCall? call = null;
        inFlight.Enter();
        try
        {
            // 1. Let it in: who calls, what is asked for, who pays, with which key it goes where; or whether it was answered before.
            (call, var error) = await plan.FirstAsync(http, start);
            if (call is null && error is null) return;
            if (error is null)
            {
                await answers.FindAsync(call!, http.Request, http.RequestAborted);
                CacheHeader.Write(http.Response, call!);
            }

            // 2. Reserve the most that it can cost.
            error ??= await budget.ReserveAsync(call!, http.RequestAborted);
            if (error is not null) await ErrorWriter.WriteAsync(http, error);
            else call = await ForwardAsync(http, call!, plan);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client left before anything was sent.
        }
        catch (TableStoreException fault)
        {
            LogStoreFailed(start.Ulid, fault);
            await ErrorWriter.WriteAsync(http, ApiError.Unavailable());
        }
        finally
        {
            call?.Release();
            inFlight.Leave();
        }
    }

    /// <summary>Tries one provider after the other. Returns the attempt that came last.</summary>
    private async ValueTask<ForwardCall> ForwardAsync(HttpContext http, ForwardCall call, CallPlan plan)
    {
        var pending = pendingCalls.Add(call.Tenant, call.Draft());
        using var timeouts = new CallTimeouts(options.Value, time, http, inFlight.Ended);
        while (true)
        {
            // 3. Send it, and its fallbacks in turn while nothing of an answer has gone to the client.
            var attempt = await attempts.SendAsync(call, http.Request, timeouts, plan.HasNext);
            using var answer = attempt.Answer;
            if (attempt.IsFallbackCase && !timeouts.IsClientGone && await NextAsync(http, plan, call, attempt) is { } next)
            {
                call = next;
                CacheHeader.Write(http.Response, call);
                continue;
            }

            if (answer is null)
            {
                // Who has been asked goes on thinking, and bills it. A server that stops has cut the call itself: its client did not leave, and pays nothing.
                if (timeouts.IsClientGone && attempt.WasSent && !inFlight.Ended.IsCancellationRequested)
                {
                    await settlement.LeaveAsync(call, pending, default, StatusCodes.Status499ClientClosedRequest);
                }
                else settlement.Fail(call, pending, timeouts.IsClientGone ? CallFailure.ClientDisconnected : attempt.Failure!, attempt.Error!.Status);
                await ErrorWriter.WriteAsync(http, attempt.Error!);
            }
            else
            {
                AnswerHead.Copy(http, call, answer);
                await RelayAsync(http, call, pending, attempt, timeouts);
            }

            return call;
        }
    }

    /// <summary>Prepares and reserves for the next attempt that can be made; null where there is none, or where it cannot be found out: then the failure is the
    /// answer.</summary>
    private async ValueTask<ForwardCall?> NextAsync(HttpContext http, CallPlan plan, ForwardCall failed, UpstreamAttempt attempt)
    {
        var cancellationToken = http.RequestAborted;
        var failure = attempt.Failure ?? CallFailure.ProviderError;
        List<CallAttempt> earlier = [.. failed.EarlierAttempts ?? [], failed.Attempt((int?)attempt.Answer?.StatusCode ?? 0, failure.Code)];
        failed.ReleaseMoney();
        ForwardCall? next = null;
        try
        {
            while ((next = await plan.NextAsync(cancellationToken)) is not null)
            {
                await answers.FindAsync(next, http.Request, cancellationToken);
                if (await budget.ReserveAsync(next, cancellationToken) is { } refused)
                {
                    earlier.Add(next.Attempt(0, refused.Code));
                    continue;
                }

                next.EarlierAttempts = earlier;
                return next;
            }
        }
        catch (Exception fault) when (fault is TableStoreException or VaultException or OperationCanceledException)
        {
            next?.ReleaseMoney();
            LogNoFallback(failed.RequestId, fault);
        }

        return null;
    }

    private async Task RelayAsync(HttpContext http, ForwardCall call, PendingCall pending, UpstreamAttempt attempt, CallTimeouts timeouts)
    {
        var answer = attempt.Answer!;
        var status = (int)answer.StatusCode;
        var isSuccess = answer.IsSuccessStatusCode;
        if (!isSuccess && call.Translation is not null)
        {
            await RelayErrorAsync(http, call, pending, attempt, timeouts);
            return;
        }

        var headers = answer.Content.Headers;
        var contentType = headers.ContentType?.MediaType;
        var encoding = headers.ContentEncoding.Count == 0 || call.IsRemade ? null : string.Join(',', headers.ContentEncoding);
        using var reader = isSuccess ? AnswerReaders.Create(call.Endpoint, contentType, encoding, call.WithholdsUsage) : AnswerReaders.Unread();
        var isStream = contentType is "text/event-stream" or "application/vnd.amazon.eventstream" || call.Facts.Stream || call.Endpoint.Streams;

        // 5. Settle it before the last bytes of its answer are released. Only success is metered; a provider's error passes as it is and costs nothing.
        var client = timeouts.ClientOf(http.Response);
        using var sink = call.IsFiltered && isSuccess
            ? AnswerSink.Filtered(call, catalogue, ServerAddress.Of(http.Request), client, timeouts)
            : AnswerSink.Of(call.Translation, isStream, client, timeouts);
        Func<AnswerSummary, Task> settle = !isSuccess ? static _ => Task.CompletedTask
            : call.Translation is not ConversationTranslation { KeptId: { } keptId } ? summary => settlement.CompleteAsync(call, pending, summary, status)
            : summary => Task.WhenAll(history.KeepAsync(call.Incoming, keptId, sink.Ending), settlement.CompleteAsync(call, pending, summary, status));
        var recording = isSuccess ? AnswerCache.RecordingFor(call) : null;
        AnswerEnd end;
        try
        {
            // 4. Relay the answer as it comes.
            await using var body = await attempt.OpenAsync(call.IsRemade, timeouts.Token, recording);
            end = await AnswerRelay.CopyAsync(
                sink,
                body,
                reader,
                isStream,
                call.Endpoint.Format is WireFormat.OpenAiChat or WireFormat.OpenAiMedia,
                settle,
                timeouts);
        }
        catch (Exception fault) when (fault is ReservationLostException or TableStoreException or IOException or InvalidDataException
            or OperationCanceledException)
        {
            LogNotSettled(call.RequestId, fault);
            var failure = fault is ReservationLostException ? CallFailure.ReservationLost : CallFailure.NotSettled;
            settlement.Fail(call, pending, failure, status);
            await AnswerHead.CutAsync(http, failure.ErrorOf(call.Provider.Label)!);
            return;
        }

        if (isSuccess && end == AnswerEnd.Whole)
        {
            if (recording is not null) answers.Keep(call, answer, recording, reader.Summary);
            return;
        }

        if (isSuccess && end == AnswerEnd.Abandoned && !inFlight.Ended.IsCancellationRequested)
        {
            await settlement.LeaveAsync(call, pending, reader.Summary, status);
            return;
        }

        var ended = FailureOf(end);
        settlement.Fail(call, pending, isSuccess ? ended : CallFailure.ProviderError, status);
        if (end == AnswerEnd.Error)
        {
            // An error that the provider reported in its own stream has gone to the client as it was.
            if (!sink.HoldsAll && !sink.HasFailed) return;
            await sink.FailAsync();
        }

        if (ended.ErrorOf(call.Provider.Label) is { } error) await AnswerHead.CutAsync(http, error);
    }

    private static CallFailure FailureOf(AnswerEnd end) => end switch
    {
        AnswerEnd.Abandoned => CallFailure.ClientDisconnected,
        AnswerEnd.TimedOut => CallFailure.ProviderTimeout,
        AnswerEnd.Error => CallFailure.AnswerInvalid,
        AnswerEnd.Cut => CallFailure.AnswerIncomplete,

        // The whole of the provider's error has been passed on.
        _ => CallFailure.ProviderError,
    };

    /// <summary>Puts a provider's error into the words of the client's format.</summary>
    private async Task RelayErrorAsync(HttpContext http, ForwardCall call, PendingCall pending, UpstreamAttempt attempt, CallTimeouts timeouts)
    {
        var status = (int)attempt.Answer!.StatusCode;
        ReadOnlyMemory<byte> error;
        try
        {
            error = await attempt.ReadErrorAsync(timeouts);
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or HttpRequestException or OperationCanceledException)
        {
            error = default;
        }

        settlement.Fail(call, pending, CallFailure.ProviderError, status);
        http.Response.ContentType = "application/json";
        call.Translation!.TranslateError(http, status, error);
        await http.Response.BodyWriter.FlushAsync(CancellationToken.None);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Call {Call} was refused because the store failed.")]
    private partial void LogStoreFailed(string call, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId}: no fallback could be tried, because a part of Lava was unavailable.")]
    private partial void LogNoFallback(string requestId, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} could not be settled. Its response was cut before its end.")]
    private partial void LogNotSettled(string requestId, Exception fault);
}
