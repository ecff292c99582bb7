namespace Lava.Core.Formats.Answers;

/// <summary>A stream over bytes that are fed to it; at the end of what was fed it reads 0 and goes on once more is fed.</summary>
internal sealed class FeedStream : Stream
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

    /// <summary>What was fed and not read yet.</summary>
    public ReadOnlySpan<byte> Peek() => _bytes.Span;

    public void Append(ReadOnlySpan<byte> bytes) => _bytes.Append(bytes);

    public override int Read(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _bytes.Length);
        _bytes.Span[..count].CopyTo(buffer);
        _bytes.Keep(_bytes.Length - count);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _bytes.Dispose();
        base.Dispose(disposing);
    }
}
