using System.Buffers;

namespace Lava.Core.Formats.Answers;

/// <summary>A growing buffer of bytes that are held back, in pooled memory.</summary>
internal sealed class HeldBytes : IDisposable
{
    private byte[]? _buffer;
    private int _length;

    public int Length => _length;

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        if (_buffer is null || _buffer.Length - _length < bytes.Length) Grow(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>Drops the first <paramref name="count"/> bytes.</summary>
    public void Drop(int count)
    {
        if (count == 0) return;
        Span[count..].CopyTo(_buffer);
        _length -= count;
    }

    public void Clear() => _length = 0;

    public void Dispose()
    {
        if (_buffer is not null) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
        _length = 0;
    }

    private void Grow(int more)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(1_024, (_length + more) * 2));
        if (_buffer is not null)
        {
            Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = larger;
    }
}
