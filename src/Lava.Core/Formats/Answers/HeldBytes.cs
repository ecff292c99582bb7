using System.Buffers;

namespace Lava.Core.Formats.Answers;

/// <summary>A growing buffer of bytes in pooled memory. Its owner bounds it.</summary>
internal sealed class HeldBytes : IDisposable
{
    private const int FirstBytes = 256;

    private byte[]? _buffer;
    private int _length;

    public int Length => _length;

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    /// <summary>The bytes; valid until the next change.</summary>
    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, _length);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        if (_buffer is null || _buffer.Length - _length < bytes.Length) Grow(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>Writes all and forgets it.</summary>
    public void MoveTo(IBufferWriter<byte> writer)
    {
        if (_length == 0) return;
        writer.Write(Span);
        _length = 0;
    }

    /// <summary>Writes the oldest bytes until no more than <paramref name="most"/> are left.</summary>
    public void Shrink(int most, IBufferWriter<byte> writer)
    {
        var excess = _length - most;
        if (excess <= 0) return;
        writer.Write(Span[..excess]);
        Keep(most);
    }

    /// <summary>Forgets all but the last <paramref name="count"/> bytes.</summary>
    public void Keep(int count)
    {
        if (count > 0 && count < _length) Span[^count..].CopyTo(_buffer);
        _length = count;
    }

    /// <summary>Forgets the last <paramref name="count"/> bytes.</summary>
    public void Shorten(int count) => _length -= Math.Min(count, _length);

    public void Clear() => _length = 0;

    public void Dispose()
    {
        if (_buffer is not null) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
        _length = 0;
    }

    private void Grow(int more)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBytes, (_length + more) * 2));
        if (_buffer is not null)
        {
            Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = larger;
    }
}
