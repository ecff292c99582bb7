using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Gateway;

/// <summary>How long a call waits for its provider: a bounded silence while the client listens, a bounded rest once it has left.</summary>
internal sealed class RelayPatience : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _onLeave;
    private readonly CancellationTokenRegistration _onEnd;
    private readonly TimeSpan _idle;
    private readonly TimeSpan _drain;
    private readonly TimeSpan _keepAlivePeriod;
    private readonly TimeProvider _time;
    private KeepAlive? _keepAlive;
    private int _isClientGone;
    private long _goneSince;

    /// <param name="options">The bounds.</param>
    /// <param name="time">The clock.</param>
    /// <param name="clientAborted">The client has left.</param>
    /// <param name="ended">The instance stops, and its time is over.</param>
    public RelayPatience(GatewayOptions options, TimeProvider time, CancellationToken clientAborted, CancellationToken ended = default)
    {
        _idle = TimeSpan.FromSeconds(options.IdleSeconds);
        _drain = TimeSpan.FromSeconds(options.DrainSeconds);
        _keepAlivePeriod = TimeSpan.FromSeconds(options.KeepAliveSeconds);
        _time = time;
        _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _onEnd = ended.UnsafeRegister(static state => ((RelayPatience)state!)._source.Cancel(), this);
        _onLeave = clientAborted.UnsafeRegister(static state => ((RelayPatience)state!).ClientLeft(), this);
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
        if (!IsClientGone) _source.CancelAfter(_idle);
        var result = await waiting;
        _source.CancelAfter(Timeout.InfiniteTimeSpan);

        // The client may have left between the two; what is left of the drain time goes on from there, however many pieces come.
        if (IsClientGone) _source.CancelAfter(DrainLeft);
        return result;
    }

    /// <summary>Waits for the next bytes of an answer; meanwhile its client's connection is kept from being idle.</summary>
    public ValueTask<int> ListenAsync(ValueTask<int> reading) => WaitAsync(_keepAlive is null ? reading : _keepAlive.WaitAsync(reading));

    /// <summary>Ends the waits too when they take longer than that.</summary>
    public EarlyEnd GiveUpAfter(TimeSpan longest) => new(longest, _time, Token);

    public void Dispose()
    {
        _keepAlive?.Dispose();
        _onLeave.Dispose();
        _onEnd.Dispose();
        _source.Dispose();
    }

    private TimeSpan DrainLeft => _drain - _time.GetElapsedTime(_goneSince) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private void ClientLeft()
    {
        _goneSince = _time.GetTimestamp();
        Volatile.Write(ref _isClientGone, 1);
        if (_drain == TimeSpan.Zero) _source.Cancel();
        else _source.CancelAfter(_drain);
    }
}
