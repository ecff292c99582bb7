using System.IO.Pipelines;
using Lava.Service.Gateway.Calls;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Gateway.Relay;

/// <summary>How long a call waits: for its provider a bounded silence while the client listens and a bounded rest once it has left, for its client a bounded
/// time in which nothing is taken, and for all of it the age at which the sweep closes calls. So nothing that a call holds is held for ever.</summary>
internal sealed class CallTimeouts : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _onLeave;
    private readonly CancellationTokenRegistration _onEnd;
    private readonly HttpContext _http;
    private readonly TimeSpan _idle;
    private readonly TimeSpan _drain;
    private readonly TimeSpan _longest;
    private readonly TimeSpan _write;
    private readonly TimeSpan _keepAlivePeriod;
    private readonly TimeProvider _time;
    private readonly long _began;
    private KeepAlive? _keepAlive;
    private ITimer? _stall;
    private long _left;
    private int _isClientGone;

    /// <param name="options">The bounds.</param>
    /// <param name="time">The clocks.</param>
    /// <param name="http">The client's request.</param>
    /// <param name="ended">The instance stops, and its time is over.</param>
    public CallTimeouts(GatewayOptions options, TimeProvider time, HttpContext http, CancellationToken ended = default)
    {
        _idle = TimeSpan.FromSeconds(options.IdleSeconds);
        _drain = TimeSpan.FromSeconds(options.DrainSeconds);
        _longest = TimeSpan.FromSeconds(options.SweepAfterSeconds);
        _write = TimeSpan.FromSeconds(options.WriteSeconds);
        _keepAlivePeriod = TimeSpan.FromSeconds(options.KeepAliveSeconds);
        _time = time;
        _began = time.GetTimestamp();
        _http = http;
        _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _onEnd = ended.UnsafeRegister(static state => ((CallTimeouts)state!)._source.Cancel(), this);
        _onLeave = http.RequestAborted.UnsafeRegister(static state => ((CallTimeouts)state!).ClientLeft(), this);
    }

    /// <summary>Ends the waits.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether the client has left: nothing is written any more.</summary>
    public bool IsClientGone => Volatile.Read(ref _isClientGone) == 1;

    /// <summary>Where an answer is written whose headers are set. A stream of events that is written there is kept alive (<see cref="ListenAsync"/>).</summary>
    public PipeWriter ClientOf(HttpResponse response) => (_keepAlive = KeepAlive.For(response, this, _keepAlivePeriod, _time)) ?? response.BodyWriter;

    /// <summary>Waits for the provider, at most for the idle time.</summary>
    public async ValueTask<T> WaitAsync<T>(ValueTask<T> waiting)
    {
        Limit();
        var result = await waiting;
        _source.CancelAfter(Timeout.InfiniteTimeSpan);

        // The client may have left between the two.
        if (IsClientGone) Limit();
        return result;
    }

    /// <summary>Waits for the next bytes of an answer; meanwhile its client's connection is kept from being idle.</summary>
    public ValueTask<int> ListenAsync(ValueTask<int> reading) => WaitAsync(_keepAlive is null ? reading : _keepAlive.WaitAsync(reading));

    /// <summary>Waits until the client has taken enough of what was written. One that takes nothing for too long is cut off, as if it had left.</summary>
    public ValueTask WrittenAsync(ValueTask<FlushResult> flush)
    {
        if (!flush.IsCompletedSuccessfully) return WaitForClientAsync(flush);
        _ = flush.Result;
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends the waits too when they take longer than that.</summary>
    public LinkedTimeout GiveUpAfter(TimeSpan longest) => new(longest, _time, Token);

    public void Dispose()
    {
        _keepAlive?.Dispose();
        _stall?.Dispose();
        _onLeave.Dispose();
        _onEnd.Dispose();
        _source.Dispose();
    }

    private async ValueTask WaitForClientAsync(ValueTask<FlushResult> flush)
    {
        _stall ??= _time.CreateTimer(static state => ((CallTimeouts)state!)._http.Abort(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _stall.Change(_write, Timeout.InfiniteTimeSpan);
        try
        {
            await flush;
        }
        finally
        {
            _stall.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private void ClientLeft()
    {
        Volatile.Write(ref _left, _time.GetTimestamp());
        Volatile.Write(ref _isClientGone, 1);
        Limit();
    }

    /// <summary>Bounds the wait that begins. Once the client has left there is one deadline, however often the provider says something.</summary>
    private void Limit()
    {
        var rest = IsClientGone ? _drain - _time.GetElapsedTime(Volatile.Read(ref _left)) : _idle;
        var age = _longest - _time.GetElapsedTime(_began);
        if (age < rest) rest = age;
        if (rest <= TimeSpan.Zero) _source.Cancel();
        else _source.CancelAfter(rest);
    }
}
