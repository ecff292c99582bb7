using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Gateway.Relay;

/// <summary>Puts comments into a stream of server-sent events while its provider is silent, so that no platform in front takes the connection for idle (Azure
/// ends one after 230 seconds). A comment is a line that every reader of such streams passes over (html.spec.whatwg.org, server-sent events). It stands between
/// two events only, never before the answer's first byte, never after its end. The answer's bytes are written through this, so that it sees where they
/// stop.</summary>
internal sealed class KeepAlive : PipeWriter, IDisposable
{
    private readonly PipeWriter _client;
    private readonly CallTimeouts _patience;
    private readonly TimeSpan _period;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    // Who may write: the relay, but for the time in which it waits for the provider.
    private readonly SemaphoreSlim _turn = new(0, 1);
    private Memory<byte> _lent;
    private long _lastWrite;
    private uint _tail;

    private KeepAlive(PipeWriter client, CallTimeouts timeouts, TimeSpan period, TimeProvider time)
    {
        (_client, _patience, _period, _time) = (client, timeouts, period, time);
        _lastWrite = time.GetTimestamp();
        _timer = time.CreateTimer(static state => _ = ((KeepAlive)state!).TickAsync(), this, period, Timeout.InfiniteTimeSpan);
    }

    /// <summary>For an answer whose headers are set; null where nothing can or shall be put into it: no events, encoded ones, a length that is told
    /// already.</summary>
    public static KeepAlive? For(HttpResponse response, CallTimeouts timeouts, TimeSpan period, TimeProvider time)
    {
        if (period <= TimeSpan.Zero || response.ContentLength is not null) return null;
        var type = response.ContentType.AsSpan();
        var end = type.IndexOf(';');
        if (!(end < 0 ? type : type[..end]).Trim().Equals("text/event-stream", StringComparison.OrdinalIgnoreCase)) return null;
        var encoding = response.Headers.ContentEncoding;
        return encoding.Count == 0 || (encoding.Count == 1 && string.Equals(encoding[0], "identity", StringComparison.OrdinalIgnoreCase))
            ? new KeepAlive(response.BodyWriter, timeouts, period, time)
            : null;
    }

    // An empty line has ended: LF LF, LF CR LF or CR CR.
    private bool IsBetweenEvents => (_tail & 0xFFFF) is 0x0A0A or 0x0D0D || (_tail & 0xFFFFFF) == 0x0A0D0A;

    /// <summary>Waits for the provider's next bytes; meanwhile comments may be written.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> WaitAsync(ValueTask<int> reading)
    {
        _turn.Release();
        try
        {
            return await reading;
        }
        finally
        {
            await _turn.WaitAsync(CancellationToken.None);
        }
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => _lent = _client.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int count)
    {
        foreach (var last in _lent.Span[Math.Max(0, count - 3)..count]) _tail = (_tail << 8) | last;
        _client.Advance(count);
        _lastWrite = _time.GetTimestamp();
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => _client.FlushAsync(cancellationToken);

    public override void CancelPendingFlush() => _client.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => _client.Complete(exception);

    /// <summary>No comment is written any more. The relay has its turn and keeps it.</summary>
    public void Dispose() => _timer.Dispose();

    private async Task TickAsync()
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            var rest = _period - _time.GetElapsedTime(_lastWrite);
            if (rest <= TimeSpan.Zero)
            {
                rest = _period;
                if (IsBetweenEvents && !_patience.IsClientGone)
                {
                    this.Write(": keep-alive\n\n"u8);
                    await _patience.WrittenAsync(_client.FlushAsync(CancellationToken.None));
                }
            }

            _timer.Change(rest, Timeout.InfiniteTimeSpan);
        }
        catch (Exception)
        {
            // The client is gone, as the relay will find: nothing is left to be kept alive.
        }
        finally
        {
            _turn.Release();
        }
    }
}
