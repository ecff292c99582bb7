using System.Net;

namespace Lava.Service.Sandbox;

/// <summary>An answer's body: its pieces one after another, with the delays and faults that were asked for. Nothing runs unless somebody reads.</summary>
internal sealed class SandboxContent(SandboxReply reply, SandboxDirectives directives, TimeProvider time) : HttpContent
{
    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(new PieceStream(reply, directives, time));

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new NotSupportedException("The sandbox's answers are read as a stream.");

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private sealed class PieceStream : Stream
    {
        private readonly SandboxReply _reply;
        private readonly TimeProvider _time;
        private readonly TimeSpan _delay;
        private readonly int _chunkBytes;
        private readonly long _stallAfter;
        private readonly long _cutAfter;
        private readonly long _errorAfter;
        private int _piece;
        private int _offset;
        private bool _isFailed;

        public PieceStream(SandboxReply reply, SandboxDirectives directives, TimeProvider time)
        {
            _reply = reply;
            _time = time;
            _delay = TimeSpan.FromMilliseconds(directives["chunk_delay_ms"] ?? 0);
            _chunkBytes = (int)Math.Max(1, directives["chunk_bytes"] ?? int.MaxValue);
            _stallAfter = directives["stall_after"] ?? long.MaxValue;
            _cutAfter = directives["cut_after"] ?? long.MaxValue;
            _errorAfter = reply.StreamError is null ? long.MaxValue : directives["error_after"] ?? long.MaxValue;
        }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_offset == 0)
            {
                if (_piece >= _stallAfter) await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken);
                if (_piece >= _cutAfter) throw new IOException("The sandbox was asked to cut the connection.");
                if (_piece >= _errorAfter) return _isFailed ? 0 : Fail(buffer.Span);
                if (_delay > TimeSpan.Zero && _piece > 0) await Task.Delay(_delay, _time, cancellationToken);
            }

            if (_piece >= _reply.Pieces.Count) return 0;
            var piece = _reply.Pieces[_piece];
            var count = Math.Min(Math.Min(buffer.Length, _chunkBytes), piece.Length - _offset);
            piece.AsSpan(_offset, count).CopyTo(buffer.Span);
            _offset += count;
            if (_offset == piece.Length)
            {
                _piece++;
                _offset = 0;
            }

            return count;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The sandbox's answers are read asynchronously.");

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int Fail(Span<byte> buffer)
        {
            _isFailed = true;
            var error = _reply.StreamError!;
            error.AsSpan(0, Math.Min(error.Length, buffer.Length)).CopyTo(buffer);
            return Math.Min(error.Length, buffer.Length);
        }
    }
}
