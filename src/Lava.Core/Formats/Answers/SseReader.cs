using System.Buffers;

namespace Lava.Core.Formats.Answers;

/// <summary>Reads a stream of server-sent events (html.spec.whatwg.org, "Server-sent events"): line ends of any kind, comments, data of several lines, cuts anywhere.
/// Events are passed on when they are complete, byte for byte, except those that the format's interpreter withholds.</summary>
internal sealed class SseReader(IEventInterpreter interpreter) : AnswerReader
{
    /// <summary>Longest event that is understood; a longer one passes unread.</summary>
    private const int MaxEvent = 4 * 1024 * 1024;

    private readonly HeldBytes _held = new();
    private readonly HeldBytes _data = new();
    private int _scanned;
    private bool _isOversized;
    private bool _isComplete;
    private bool _isFinished;

    public override bool IsComplete => _isComplete;

    public override AnswerSummary Summary => interpreter.Summary with { IsWhole = _isComplete || (_isFinished && !interpreter.HasEndEvent) };

    public override void Read(ReadOnlySpan<byte> bytes, IBufferWriter<byte> release)
    {
        if (_isComplete)
        {
            _held.Append(bytes);
            return;
        }

        if (_held.Length == 0)
        {
            // The usual case: events come whole, and nothing is copied but what stays behind.
            var passed = Pass(bytes, 0, release);
            _held.Append(bytes[passed..]);
            _scanned = Math.Max(0, _scanned - passed);
        }
        else
        {
            _held.Append(bytes);
            var passed = Pass(_held.Span, _scanned, release);
            _held.Drop(passed);
            _scanned = Math.Max(0, _scanned - passed);
        }

        if (!_isComplete && _held.Length > MaxEvent)
        {
            _isOversized = true;
            release.Write(_held.Span);
            _held.Clear();
            _scanned = 0;
        }
    }

    public override void Finish()
    {
        _isFinished = true;
        if (_isComplete || _held.Length == 0) return;

        // An event without its final blank line; what it says counts, and its bytes are held with the end.
        if (!_isOversized && Interpret(_held.Span) == EventFlow.End) _isComplete = true;
    }

    public override void ReleaseHeld(IBufferWriter<byte> release)
    {
        release.Write(_held.Span);
        _held.Clear();
    }

    public override void Dispose()
    {
        _held.Dispose();
        _data.Dispose();
    }

    /// <summary>Passes on the complete events in <paramref name="bytes"/>; returns how many bytes are done with. <see cref="_scanned"/> tells how far the rest has been searched.</summary>
    private int Pass(ReadOnlySpan<byte> bytes, int scanned, IBufferWriter<byte> release)
    {
        var start = 0;
        var writeFrom = 0;
        var line = scanned;
        while (true)
        {
            var end = bytes[line..].IndexOfAny((byte)'\r', (byte)'\n');
            if (end < 0 || (bytes[line + end] == (byte)'\r' && line + end + 1 == bytes.Length)) break;
            var next = line + end + (bytes[line + end] == (byte)'\r' && bytes[line + end + 1] == (byte)'\n' ? 2 : 1);
            if (end > 0)
            {
                line = next;
                continue;
            }

            // A blank line ends the event.
            var flow = _isOversized ? EventFlow.Pass : Interpret(bytes[start..line]);
            _isOversized = false;
            line = next;
            if (flow == EventFlow.Pass)
            {
                start = next;
                continue;
            }

            release.Write(bytes[writeFrom..start]);
            if (flow == EventFlow.End)
            {
                _isComplete = true;
                return start;
            }

            start = writeFrom = next;
        }

        release.Write(bytes[writeFrom..start]);
        _scanned = line;
        return start;
    }

    private EventFlow Interpret(ReadOnlySpan<byte> lines)
    {
        ReadOnlySpan<byte> name = default;
        ReadOnlySpan<byte> data = default;
        var dataLines = 0;
        while (lines.Length > 0)
        {
            var end = lines.IndexOfAny((byte)'\r', (byte)'\n');
            var line = end < 0 ? lines : lines[..end];
            lines = end < 0 ? default : lines[(end + (lines[end] == (byte)'\r' && end + 1 < lines.Length && lines[end + 1] == (byte)'\n' ? 2 : 1))..];
            if (line.StartsWith("\uFEFF"u8)) line = line[3..];
            if (line.StartsWith("data:"u8))
            {
                var value = line[(line.Length > 5 && line[5] == (byte)' ' ? 6 : 5)..];
                if (dataLines == 0) data = value;
                else
                {
                    if (dataLines == 1)
                    {
                        _data.Clear();
                        _data.Append(data);
                    }

                    _data.Append("\n"u8);
                    _data.Append(value);
                }

                dataLines++;
            }
            else if (line.StartsWith("event:"u8)) name = line[6..].Trim((byte)' ');
        }

        if (dataLines == 0) return EventFlow.Pass;
        return interpreter.OnEvent(name, dataLines == 1 ? data : _data.Span);
    }
}
