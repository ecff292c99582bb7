using System.Buffers;
using System.IO.Compression;

namespace Lava.Core.Formats.Answers;

/// <summary>Reads an answer that came compressed although nobody asked for it: the bytes pass as they are while a copy is unpacked for the reader inside. The last byte is held.</summary>
internal sealed class CompressedReader : AnswerReader
{
    private readonly PassThroughReader _outer = new();
    private readonly AnswerReader _inner;
    private readonly FeedStream _feed = new();
    private readonly Stream _unpacked;
    private readonly ArrayBufferWriter<byte> _nowhere = new();
    private bool _isBroken;

    public CompressedReader(AnswerReader inner, string encoding)
    {
        _inner = inner;
        _unpacked = encoding switch
        {
            "br" => new BrotliStream(_feed, CompressionMode.Decompress),
            "deflate" => new ZLibStream(_feed, CompressionMode.Decompress),
            _ => new GZipStream(_feed, CompressionMode.Decompress),
        };
    }

    // The compressed form may have bytes after the inner end; only the end of the connection ends it.
    public override bool IsComplete => false;

    public override AnswerSummary Summary => _inner.Summary;

    public override void Read(ReadOnlySpan<byte> bytes, IBufferWriter<byte> release)
    {
        _outer.Read(bytes, release);
        if (_isBroken) return;
        _feed.Feed(bytes);
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            for (int read; (read = _unpacked.Read(buffer)) > 0;)
            {
                _inner.Read(buffer.AsSpan(0, read), _nowhere);
                _nowhere.ResetWrittenCount();
            }
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or InvalidOperationException)
        {
            // What cannot be unpacked tells no usage; the bytes pass.
            _isBroken = true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public override void Finish()
    {
        _inner.Finish();
        _outer.Finish();
    }

    public override void ReleaseHeld(IBufferWriter<byte> release) => _outer.ReleaseHeld(release);

    public override void Dispose()
    {
        _unpacked.Dispose();
        _feed.Dispose();
        _inner.Dispose();
        _outer.Dispose();
    }

    /// <summary>A stream that has only what it was fed; its end is the end for now.</summary>
    private sealed class FeedStream : Stream
    {
        private readonly HeldBytes _bytes = new();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public void Feed(ReadOnlySpan<byte> bytes) => _bytes.Append(bytes);

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, _bytes.Length);
            _bytes.Span[..count].CopyTo(buffer);
            _bytes.Drop(count);
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) _bytes.Dispose();
            base.Dispose(disposing);
        }
    }
}
