using System.Buffers;

namespace Lava.Core.Formats.Answers;

/// <summary>Lets an answer pass unread, but for its last byte, which waits. Its logical end is the end of the connection.</summary>
internal sealed class PassThroughAnswerReader : AnswerReader
{
    private byte _held;
    private long _bytes;
    private bool _isHolding;
    private bool _isFinished;
    private bool _isReleased;

    public override bool IsComplete => _isFinished;

    public override AnswerSummary Summary => new() { IsWhole = _isFinished, Seen = new AnswerSeen(_bytes, 0, 0) };

    public override void Read(ReadOnlySpan<byte> bytes, IBufferWriter<byte> release)
    {
        if (bytes.IsEmpty) return;
        _bytes += bytes.Length;
        if (_isReleased)
        {
            release.Write(bytes);
            return;
        }

        if (_isHolding) release.Write([_held]);
        release.Write(bytes[..^1]);
        _held = bytes[^1];
        _isHolding = true;
    }

    public override void Finish() => _isFinished = true;

    public override void ReleaseHeld(IBufferWriter<byte> release)
    {
        if (_isHolding) release.Write([_held]);
        _isHolding = false;
        _isReleased = true;
    }

    public override void Dispose()
    {
    }
}
