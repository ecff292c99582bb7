using System.Buffers;
using Lava.Core.Formats.UsageReaders;

namespace Lava.Core.Formats.Answers;

/// <summary>Reads a stream of server-sent events (html.spec.whatwg.org, server-sent events) as it passes, cut anywhere. An event flows as soon as it is whole;
/// a terminal event and all after it are held back. Of an unfinished line the first bytes wait too, since they may be the terminal event's.</summary>
internal sealed class SseAnswerReader(UsageReader meter, bool withholdUsage) : AnswerReader
{
    /// <summary>Most bytes held back of the stream's end; of a longer end only the last of them are held.</summary>
    private const int MaxHeld = 64 * 1024;

    /// <summary>An unfinished line waits up to this many bytes: longer than any terminal event's name.</summary>
    private const int MaxWaitingLine = 64;

    /// <summary>Where the usage chunk is withheld, an unfinished event waits up to this many bytes; a longer one cannot be that chunk.</summary>
    private const int MaxWaitingEvent = 16 * 1024;

    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    private readonly JsonScanner _json = new(meter.Shape);
    private readonly HeldBytes _held = new();
    private readonly SseFields _fields = new();

    // Positions are relative to the bytes of the current call; a negative one lies in an earlier call's.
    private long _lineStart;
    private long _eventStart;
    private long _holdFrom;
    private bool _isAfterCr;
    private bool _dropsLf;
    private bool _isEventOpen;
    private bool _isEventTooLong;
    private bool _isDull;
    private bool _isHolding;
    private bool _isComplete;
    private bool _isFinished;
    private bool _isReleased;
    private bool _isUsageEvent;
    private EventRole _role;
    private AnswerSeen _seen;

    public override bool IsComplete => _isComplete;

    public override AnswerSummary Summary => meter.Summary with { IsWhole = _isComplete, Seen = _seen };

    public override void Read(ReadOnlySpan<byte> bytes, IBufferWriter<byte> release)
    {
        if (_isReleased)
        {
            release.Write(bytes);
            return;
        }

        _seen = _seen with { Bytes = _seen.Bytes + bytes.Length };
        var start = 0;
        var i = 0;
        while (i < bytes.Length && !_isComplete)
        {
            if (_isAfterCr && EndCrLf(bytes[i], ref i, ref start)) continue;
            var rest = bytes[i..];
            var length = rest.IndexOfAny(LineEnds);
            var isWhole = length >= 0;
            var part = isWhole ? rest[..length] : rest;
            if (!part.IsEmpty) TakePart(part, i, isWhole && IsBlankNext(rest[length..]));
            if (!isWhole) break;
            i += length + 1;
            _isAfterCr = bytes[i - 1] == (byte)'\r';
            if (_fields.IsEmptyLine) EndEvent(bytes, i, ref start, release);
            else EndLine();
            _lineStart = i;
        }

        Place(bytes, start, release);
    }

    public override void Finish()
    {
        if (_isFinished) return;
        _isFinished = true;
        if (_isComplete) return;
        if (!_fields.IsEmptyLine) EndLine();
        if (_isComplete) return;
        if (_isEventOpen)
        {
            if (!_json.IsComplete) return;
            TakeEvent();
            if (_isUsageEvent && CanWithhold) _held.Clear();
        }

        _isComplete = _role == EventRole.Finishing;
    }

    public override void ReleaseHeld(IBufferWriter<byte> release)
    {
        _held.MoveTo(release);
        _isReleased = true;
    }

    public override void Dispose()
    {
        _json.Dispose();
        _held.Dispose();
    }

    private bool CanWithhold => withholdUsage && !_isEventTooLong;

    /// <summary>The second half of a CR LF belongs to the line that the first half ended.</summary>
    private bool EndCrLf(byte next, ref int i, ref int start)
    {
        _isAfterCr = false;
        var dropsLf = _dropsLf;
        _dropsLf = false;
        if (next != (byte)'\n') return false;
        i++;
        if (dropsLf) start = i;
        _lineStart = i;
        return true;
    }

    private static bool IsBlankNext(ReadOnlySpan<byte> lineEnd) =>
        lineEnd.StartsWith("\n\n"u8) || lineEnd.StartsWith("\r\n\r"u8) || lineEnd.StartsWith("\r\r"u8);

    private void TakePart(ReadOnlySpan<byte> part, int at, bool isEventWhole)
    {
        var value = _fields.Take(part);
        if (_fields.Field == SseField.Comment) return;
        if (!_isEventOpen) BeginEvent();
        if (_fields.Field != SseField.Data) return;
        if (_fields.IsFirstData && isEventWhole && at == _lineStart && meter.IsDull(_fields.EventName, value))
        {
            _isDull = true;
            return;
        }

        _json.Scan(value);
        Raise(meter.RoleOf(_json));
    }

    private void BeginEvent()
    {
        _isEventOpen = true;
        _isEventTooLong = false;
        _isDull = false;
        _eventStart = _lineStart;

        // What looked like the last event was not: it is free.
        if (_role == EventRole.Finishing)
        {
            _isHolding = false;
            _role = EventRole.Ordinary;
        }
    }

    private void Raise(EventRole role)
    {
        if (role <= _role) return;
        _role = role;
        if (!_isHolding) _holdFrom = _eventStart;
        _isHolding = true;
    }

    private void EndLine()
    {
        if (_fields.Field == SseField.Event) Raise(meter.RoleOf(_fields.EventName));
        if (_fields is { Field: SseField.Data, IsDone: true }) Raise(EventRole.Terminal);
        if (_fields.Field == SseField.Data && !_isDull && !_fields.IsDone) _json.Scan("\n"u8);
        var isEnd = _role == EventRole.Terminal && (_fields.IsDone || _json.IsComplete);
        _fields.EndLine();
        if (!isEnd) return;
        TakeEvent();
        _isComplete = true;
    }

    private void EndEvent(ReadOnlySpan<byte> bytes, int end, ref int start, IBufferWriter<byte> release)
    {
        if (!_isEventOpen) return;
        _seen = _seen.With((int)Math.Min(end - _eventStart, int.MaxValue));
        TakeEvent();
        _isComplete = _role == EventRole.Terminal;
        if (!_isUsageEvent || !CanWithhold) return;
        if (_eventStart >= start)
        {
            _held.MoveTo(release);
            release.Write(bytes[start..(int)_eventStart]);
        }

        _held.Clear();
        start = end;
        _dropsLf = _isAfterCr;
    }

    private void TakeEvent()
    {
        _isUsageEvent = false;
        if (!_isDull && _json.IsComplete)
        {
            meter.Take(_json);
            _isUsageEvent = withholdUsage && meter.IsUsageAlone(_json);
        }

        _json.Reset();
        _fields.EndEvent();
        _isEventOpen = false;
    }

    /// <summary>Gives each byte of this call its place: free, or held.</summary>
    private void Place(ReadOnlySpan<byte> bytes, int start, IBufferWriter<byte> release)
    {
        long from = bytes.Length;
        if (_isHolding) from = _holdFrom;
        else if (withholdUsage && _isEventOpen && WaitsAsEvent(bytes.Length)) from = _eventStart;
        else if (!_fields.IsEmptyLine && bytes.Length - _lineStart <= MaxWaitingLine) from = _lineStart;

        if (from >= 0) _held.MoveTo(release);
        var cut = (int)Math.Clamp(from, start, bytes.Length);
        release.Write(bytes[start..cut]);
        _held.Append(bytes[cut..]);
        _held.Shrink(MaxHeld, release);
        _lineStart -= bytes.Length;
        _eventStart -= bytes.Length;
        _holdFrom -= bytes.Length;
    }

    private bool WaitsAsEvent(int length)
    {
        _isEventTooLong |= length - _eventStart > MaxWaitingEvent;
        return !_isEventTooLong;
    }
}
