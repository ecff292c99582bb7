namespace Lava.Core.Formats.Answers;

/// <summary>A stream over bytes that are fed to it; at the end of what was fed it reads 0 and goes on once more is fed.</summary>
internal sealed class FeedStream : ReadOnlyStream
{
    private readonly HeldBytes _bytes = new();

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

    protected override void Dispose(bool disposing)
    {
        _bytes.Dispose();
        base.Dispose(disposing);
    }
}
