using Lava.Core.Formats;

namespace Lava.Service.Sandbox;

/// <summary>Reads chunks as bytes. A piece is what one read gives at the most: a chunk, or so many bytes where <c>chunk_bytes</c> re-cuts the answer.</summary>
internal sealed class SandboxStream : ReadOnlyStream
{
    private readonly IEnumerator<byte[]> _chunks;
    private readonly TimeProvider _time;
    private readonly TimeSpan _delay;
    private readonly long? _pieceBytes;
    private readonly long _stallAfter;
    private readonly long _cutAfter;
    private readonly CancellationTokenSource? _disposal;
    private byte[] _chunk = [];
    private int _offset;
    private long _leftOfPiece;
    private long _pieces;
    private bool _isDisposed;

    public SandboxStream(IEnumerable<byte[]> chunks, SandboxDirectives directives, TimeProvider time)
    {
        _chunks = chunks.GetEnumerator();
        _time = time;
        _delay = TimeSpan.FromMilliseconds(directives["chunk_delay_ms"] ?? 0);
        _pieceBytes = directives["chunk_bytes"];
        _stallAfter = directives["stall_after"] ?? long.MaxValue;
        _cutAfter = directives["cut_after"] ?? long.MaxValue;
        if (_delay > TimeSpan.Zero || _stallAfter < long.MaxValue) _disposal = new CancellationTokenSource();
    }

    /// <summary>Reads from one piece.</summary>
    /// <exception cref="HttpIOException">The connection was asked to break here.</exception>
    /// <exception cref="ObjectDisposedException">The stream was disposed, before or while it waited.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        if (buffer.IsEmpty) return 0;
        if (_leftOfPiece == 0)
        {
            if (_pieces >= _stallAfter) await WaitAsync(Timeout.InfiniteTimeSpan, cancellationToken);
            if (_pieces >= _cutAfter) throw new HttpIOException(HttpRequestError.ResponseEnded, "The sandbox was asked to cut the connection.");
            if (_offset == _chunk.Length && !MoveNext()) return 0;
            if (_delay > TimeSpan.Zero && _pieces > 0) await WaitAsync(_delay, cancellationToken);
            _leftOfPiece = _pieceBytes ?? _chunk.Length;
        }

        return Copy(buffer.Span);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The sandbox's answers are read asynchronously.");

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _disposal?.Cancel();
            _disposal?.Dispose();
            _chunks.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Copy(Span<byte> buffer)
    {
        var copied = 0;
        while (copied < buffer.Length && _leftOfPiece > 0)
        {
            var count = (int)Math.Min(Math.Min(buffer.Length - copied, _chunk.Length - _offset), _leftOfPiece);
            _chunk.AsSpan(_offset, count).CopyTo(buffer[copied..]);
            copied += count;
            _offset += count;
            _leftOfPiece -= count;

            // The last piece of a re-cut answer is as short as what is left.
            if (_leftOfPiece > 0 && _offset == _chunk.Length && !MoveNext()) _leftOfPiece = 0;
        }

        if (_leftOfPiece == 0) _pieces++;
        return copied;
    }

    private bool MoveNext()
    {
        do
        {
            if (!_chunks.MoveNext()) return false;
            _chunk = _chunks.Current;
            _offset = 0;
        }
        while (_chunk.Length == 0);
        return true;
    }

    /// <summary>Waits; a stream that is disposed meanwhile gives the wait up, as a connection does.</summary>
    private async Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposal!.Token);
        try
        {
            await Task.Delay(delay, _time, either.Token);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            throw;
        }
    }
}
