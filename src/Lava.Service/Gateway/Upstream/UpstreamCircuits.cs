using System.Collections.Concurrent;
using Lava.Service.Gateway.Calls;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace Lava.Service.Gateway.Upstream;

/// <summary>Sends calls again where the operator wants that, and leaves a host alone that keeps failing. Nothing of an answer has gone to the client at that
/// time.</summary>
internal sealed class UpstreamCircuits(IOptions<GatewayOptions> options, TimeProvider time)
{
    /// <summary>Longest <c>Retry-After</c> that is waited for; a longer one is the client's to wait for.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    /// <summary>Calls of a host in half a minute below which nothing is concluded from failures.</summary>
    private const int MinCalls = 20;

    private readonly ConcurrentDictionary<string, Host> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Sends a call.</summary>
    /// <exception cref="BrokenCircuitException">The host is left alone at the moment.</exception>
    public ValueTask<HttpResponseMessage> SendAsync<TState>(
        string host,
        Func<TState, CancellationToken, Task<HttpResponseMessage>> send,
        TState state,
        CancellationToken cancellationToken) =>
        _hosts.GetOrAdd(host, static (_, self) => self.Build(), this).Pipeline.ExecuteAsync(
            static async (call, token) => await call.send(call.state, token), (send, state), cancellationToken);

    /// <summary>Whether this instance leaves a host alone at the moment, because it keeps failing.</summary>
    public bool IsOpen(string host) => _hosts.TryGetValue(host, out var known) && known.Circuit.CircuitState == CircuitState.Open;

    private Host Build()
    {
        var circuit = new CircuitBreakerStateProvider();
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        if (options.Value.Retries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = options.Value.Retries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(500),
                UseJitter = true,
                ShouldHandle = args => ValueTask.FromResult(IsRetried(args.Outcome)),
                DelayGenerator = args => ValueTask.FromResult(args.Outcome.Result is { } answer ? RetryAfter(answer) : null),
            });
        }

        if (options.Value.CircuitSeconds > 0)
        {
            builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                FailureRatio = 0.8,
                MinimumThroughput = MinCalls,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = TimeSpan.FromSeconds(options.Value.CircuitSeconds),
                ShouldHandle = args => ValueTask.FromResult(IsBroken(args.Outcome)),
                StateProvider = circuit,
            });
        }

        return new Host(builder.Build(), circuit);
    }

    private static bool IsBroken(Outcome<HttpResponseMessage> outcome) => outcome.Exception is HttpRequestException || (int?)outcome.Result?.StatusCode >= 500;

    private bool IsRetried(Outcome<HttpResponseMessage> outcome) =>
        (IsBroken(outcome) || (int?)outcome.Result?.StatusCode == 429) && (outcome.Result is not { } answer || !(RetryAfter(answer) > MaxWait));

    private TimeSpan? RetryAfter(HttpResponseMessage answer)
    {
        var wait = answer.Headers.RetryAfter is not { } after ? null : after.Delta ?? after.Date - time.GetUtcNow();
        return wait is { } known ? known < TimeSpan.Zero ? TimeSpan.Zero : known : null;
    }

    private sealed record Host(ResiliencePipeline<HttpResponseMessage> Pipeline, CircuitBreakerStateProvider Circuit);
}
