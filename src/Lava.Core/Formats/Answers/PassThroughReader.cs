using System.Buffers;

namespace Lava.Core.Formats.Answers;

/// <summary>Passes bytes that tell no usage (audio, text, files); the last byte is held until the next one or the end comes.</summary>
internal sealed class PassThroughReader : AnswerReader
{
    private byte? _held;
    private bool _isFinished;

    public override bool IsComplete => false;

    public override AnswerSummary Summary => new() { IsWhole = _isFinished };

    public override void Read(ReadOnlySpan<byte> bytes, IBufferWriter<byte> release)
    {
        if (bytes.IsEmpty) return;
        ReleaseHeld(release);
        release.Write(bytes[..^1]);
        _held = bytes[^1];
    }

    public override void Finish() => _isFinished = true;

    public override void ReleaseHeld(IBufferWriter<byte> release)
    {
        if (_held is { } last) release.Write([last]);
        _held = null;
    }

    public override void Dispose()
    {
    }
}
