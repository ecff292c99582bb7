using System.Diagnostics;
using System.Globalization;
using System.Net;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Relay;
using Lava.Service.Metering.Records;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;

namespace Lava.Service.Gateway.Upstream;

/// <summary>Sends a call to a provider and waits until its answer begins. A kept answer has begun already.</summary>
internal sealed partial class UpstreamAttempts(
    UpstreamClient upstream,
    UpstreamCircuits circuits,
    IOptions<GatewayOptions> options,
    ILogger<UpstreamAttempts> logger)
{
    private const int FirstPiece = 16 * 1024;

    /// <summary>How long a key rests that the provider slows down without saying for how long.</summary>
    private static readonly TimeSpan RestTime = TimeSpan.FromSeconds(10);

    /// <summary>Sends a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="request">The client's request.</param>
    /// <param name="timeouts">Bounds the wait.</param>
    /// <param name="hasNext">Whether there is another provider: then one that does not begin to answer soon is given up, and an answer that breaks off before
    /// its first byte is none.</param>
    public async ValueTask<UpstreamAttempt> SendAsync(ForwardCall call, HttpRequest request, CallTimeouts timeouts, bool hasNext)
    {
        if (call.Kept is { } kept)
        {
            call.Sent = call.Answered = Stopwatch.GetTimestamp();
            return new UpstreamAttempt { Answer = kept.ToMessage() };
        }

        // A whole answer begins when all of it is thought; only a stream that has not begun says that something is wrong.
        using var early = hasNext && (call.Facts.Stream || call.Endpoint.Streams)
            ? timeouts.GiveUpAfter(TimeSpan.FromSeconds(options.Value.FallbackAfterSeconds))
            : null;
        var token = early?.Token ?? timeouts.Token;
        var wasSent = !token.IsCancellationRequested;
        call.Sent = Stopwatch.GetTimestamp();
        HttpResponseMessage? answer = null;
        try
        {
            answer = await timeouts.WaitAsync(call.IsSandboxed
                ? new ValueTask<HttpResponseMessage>(upstream.SendAsync(call, request, token))
                : circuits.SendAsync(
                    upstream.HostOf(call),
                    static (state, stop) => state.upstream.SendAsync(state.call, state.request, stop),
                    (upstream, call, request),
                    token));
            call.Answered = Stopwatch.GetTimestamp();
            if ((int)answer.StatusCode < 200)
            {
                // Nobody asked to switch protocols: what follows is no HTTP.
                answer.Dispose();
                return Unreachable(call);
            }

            // Keys of one provider share its faults; deployments at Azure fail each for itself.
            if ((answer.StatusCode == HttpStatusCode.TooManyRequests || ((int)answer.StatusCode >= 500 && UpstreamClient.IsPooled(call)))
                && TryOtherKey(call, WaitOf(answer)))
            {
                answer.Dispose();
                return await SendAsync(call, request, timeouts, hasNext);
            }

            if (!hasNext || !answer.IsSuccessStatusCode) return new UpstreamAttempt { Answer = answer };
            var body = await answer.Content.ReadAsStreamAsync(token);
            var first = new byte[FirstPiece];
            var read = await timeouts.WaitAsync(body.ReadAsync(first, token));
            if (read > 0) return new UpstreamAttempt { Answer = answer, FirstBytes = first.AsMemory(0, read), Rest = body };
            answer.Dispose();
            return Unreachable(call);
        }
        catch (OperationCanceledException)
        {
            answer?.Dispose();
            return Failed(call, CallFailure.ProviderTimeout, wasSent: wasSent);
        }
        catch (BrokenCircuitException fault)
        {
            if (UpstreamClient.IsPooled(call) && TryOtherKey(call, fault.RetryAfter ?? RestTime)) return await SendAsync(call, request, timeouts, hasNext);
            var seconds = fault.RetryAfter is { } wait ? (int)Math.Ceiling(Math.Max(1, wait.TotalSeconds)) : 1;
            return Failed(call, CallFailure.ProviderResting, seconds);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            answer?.Dispose();
            LogUnreachable(call.RequestId, call.Provider.Id, (fault as HttpRequestException)?.HttpRequestError ?? HttpRequestError.ResponseEnded);
            if (UpstreamClient.IsPooled(call) && TryOtherKey(call, RestTime)) return await SendAsync(call, request, timeouts, hasNext);
            return Unreachable(call);
        }
    }

    // Another key of the same owner may have room. This one is not asked again for a while, so the search ends.
    private static bool TryOtherKey(ForwardCall call, TimeSpan wait)
    {
        if (call is not { KeyRing: { } ring, ProviderKey: { } slowed } || ring.Rest(slowed, wait) is not { } other) return false;
        call.ProviderKey = other;
        return true;
    }

    // Azure says it in milliseconds too, and its seconds are rounded up.
    private static TimeSpan WaitOf(HttpResponseMessage answer)
    {
        if (answer.Headers.TryGetValues("retry-after-ms", out var values)
            && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds > 0)
            return TimeSpan.FromMilliseconds(milliseconds);
        return answer.Headers.RetryAfter?.Delta is { } wait && wait > TimeSpan.Zero ? wait : RestTime;
    }

    private static UpstreamAttempt Unreachable(ForwardCall call) => Failed(call, CallFailure.ProviderUnreachable);

    private static UpstreamAttempt Failed(ForwardCall call, CallFailure failure, int retryAfterSeconds = 1, bool wasSent = false) =>
        new() { Failure = failure, Error = failure.ErrorOf(call.Provider.Label, retryAfterSeconds), WasSent = wasSent };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {RequestId}: {Provider} could not be reached ({Error}).")]
    private partial void LogUnreachable(string requestId, string provider, HttpRequestError error);
}
