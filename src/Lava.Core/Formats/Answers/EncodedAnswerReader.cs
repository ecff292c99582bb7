using System.Buffers;

namespace Lava.Core.Formats.Answers;

/// <summary>Reads an encoded answer: the encoded bytes pass as they are, a decoded copy is read piece by piece. What is held back is the last byte, or all from
/// the piece on that completes the decoded answer.</summary>
internal sealed class EncodedAnswerReader(AnswerDecoder decoder, AnswerReader inner) : AnswerReader
{
    /// <summary>Most bytes that are decoded of one answer; a longer one passes unread from there (a small answer can decode to a thousand times its
    /// size).</summary>
    private const long MaxDecoded = 512 * 1024 * 1024;

    /// <summary>Most encoded bytes that are decoded at once.</summary>
    private const int PieceBytes = 16 * 1024;

    /// <summary>Most bytes held back at once; of a longer end only the last of them are held.</summary>
    private const int MaxHeld = 64 * 1024;

    private readonly HeldBytes _held = new();
    private readonly DiscardingWriter _decoded = new();
    private long _decodedBytes;
    private bool _isGivenUp;
    private bool _isReleased;

    public override bool IsComplete => inner.IsComplete;

    public override AnswerSummary Summary => _isGivenUp ? inner.Summary with { IsInconsistent = true } : inner.Summary;

    public override void Read(ReadOnlySpan<byte> bytes, IBufferWriter<byte> release)
    {
        if (_isReleased)
        {
            release.Write(bytes);
            return;
        }

        while (!bytes.IsEmpty)
        {
            var piece = bytes[..Math.Min(PieceBytes, bytes.Length)];
            bytes = bytes[piece.Length..];
            var wasComplete = inner.IsComplete;
            if (!wasComplete) Decode(piece);
            if (!wasComplete) _held.MoveTo(release);
            _held.Append(piece);
            _held.Shrink(inner.IsComplete ? MaxHeld : 1, release);
        }
    }

    public override void Finish() => inner.Finish();

    public override void ReleaseHeld(IBufferWriter<byte> release)
    {
        _held.MoveTo(release);
        _isReleased = true;
    }

    public override void Dispose()
    {
        decoder.Dispose();
        inner.Dispose();
        _held.Dispose();
    }

    private void Decode(ReadOnlySpan<byte> piece)
    {
        if (_isGivenUp) return;
        var buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            decoder.Feed(piece);
            while (decoder.Decode(buffer) is > 0 and var count)
            {
                inner.Read(buffer.AsSpan(0, count), _decoded);
                _decodedBytes += count;
                if (_decodedBytes <= MaxDecoded) continue;
                _isGivenUp = true;
                return;
            }
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException)
        {
            _isGivenUp = true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Takes the decoded copy, which nobody needs.</summary>
    private sealed class DiscardingWriter : IBufferWriter<byte>
    {
        private byte[] _scratch = new byte[256];

        public void Advance(int count)
        {
        }

        public Memory<byte> GetMemory(int sizeHint = 0) => Scratch(sizeHint);

        public Span<byte> GetSpan(int sizeHint = 0) => Scratch(sizeHint);

        private byte[] Scratch(int size) => _scratch.Length >= size ? _scratch : _scratch = new byte[size];
    }
}
