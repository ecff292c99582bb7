using System.Buffers;
using Lava.Core.Formats.UsageReaders;

namespace Lava.Core.Formats.Answers;

/// <summary>Reads a JSON body (an object, or an array of objects that is sent as a stream) as it passes and holds it back from its closing bracket
/// on.</summary>
internal sealed class JsonAnswerReader(UsageReader meter) : AnswerReader
{
    /// <summary>Most bytes held back at once. What may follow the closing bracket is white space; more of it than this flows, up to the last.</summary>
    private const int MaxHeld = 64 * 1024;

    private readonly JsonScanner _scanner = new(meter.Shape);
    private readonly HeldBytes _held = new();
    private long _bytes;
    private bool _isTaken;
    private bool _isReleased;

    public override bool IsComplete => _scanner.IsComplete;

    public override AnswerSummary Summary => meter.Summary with { IsWhole = IsComplete, Seen = new AnswerSeen(_bytes, 0, 0) };

    public override void Read(ReadOnlySpan<byte> bytes, IBufferWriter<byte> release)
    {
        if (_isReleased)
        {
            release.Write(bytes);
            return;
        }

        _bytes += bytes.Length;
        if (!IsComplete)
        {
            var end = _scanner.Scan(bytes);
            release.Write(end < 0 ? bytes : bytes[..end]);
            if (end < 0) return;
            Take();
            bytes = bytes[end..];
        }

        _held.Append(bytes);
        _held.Shrink(MaxHeld, release);
    }

    public override void Finish() => Take();

    public override void ReleaseHeld(IBufferWriter<byte> release)
    {
        _held.MoveTo(release);
        _isReleased = true;
    }

    public override void Dispose()
    {
        _scanner.Dispose();
        _held.Dispose();
    }

    private void Take()
    {
        if (_isTaken) return;
        _isTaken = true;
        meter.Take(_scanner);
    }
}
