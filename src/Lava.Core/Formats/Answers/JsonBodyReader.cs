using System.Buffers;

namespace Lava.Core.Formats.Answers;

/// <summary>Reads a JSON body of any size as it passes; its last bracket and what follows are held.</summary>
internal sealed class JsonBodyReader(IBodyInterpreter interpreter) : AnswerReader
{
    private readonly JsonMemberScanner _scanner = new(interpreter.Names, interpreter.Counted);
    private readonly HeldBytes _held = new();
    private AnswerSummary? _summary;

    public override bool IsComplete => _scanner.IsComplete;

    public override AnswerSummary Summary => _summary ?? (interpreter.Read(_scanner) with { IsWhole = _scanner.IsComplete });

    public override void Read(ReadOnlySpan<byte> bytes, IBufferWriter<byte> release)
    {
        if (_scanner.IsComplete)
        {
            _held.Append(bytes);
            return;
        }

        var end = _scanner.Scan(bytes);
        release.Write(end < 0 ? bytes : bytes[..end]);
        if (end < 0) return;
        _held.Append(bytes[end..]);
        _summary = Summary;
    }

    public override void Finish() => _summary = Summary;

    public override void ReleaseHeld(IBufferWriter<byte> release)
    {
        release.Write(_held.Span);
        _held.Clear();
    }

    public override void Dispose()
    {
        _scanner.Dispose();
        _held.Dispose();
    }
}
