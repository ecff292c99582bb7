namespace Lava.Core.Formats.Answers;

/// <summary>Reads the fields of an event stream's lines, given in parts that are cut anywhere.</summary>
internal sealed class SseFields
{
    private const int MaxName = 16;
    private const int MaxEventName = 64;

    private readonly byte[] _name = new byte[MaxName];
    private readonly byte[] _event = new byte[MaxEventName];
    private readonly byte[] _head = new byte[7];
    private int _nameLength;
    private int _eventLength;
    private int _headLength;
    private int _dataLines;
    private bool _isFirstLine = true;
    private bool _skipsSpace;

    /// <summary>The current line's field.</summary>
    public SseField Field { get; private set; }

    /// <summary>Whether nothing of the current line has come.</summary>
    public bool IsEmptyLine { get; private set; } = true;

    /// <summary>The event's name so far; empty where it has none.</summary>
    public ReadOnlySpan<byte> EventName => _event.AsSpan(0, Math.Min(_eventLength, MaxEventName));

    /// <summary>Whether the current line is the event's first of data.</summary>
    public bool IsFirstData => _dataLines == 1;

    /// <summary>Whether the current line's data are <c>[DONE]</c>, OpenAI's end of a stream.</summary>
    public bool IsDone => _headLength == 6 && _head.AsSpan(0, 6).SequenceEqual("[DONE]"u8);

    /// <summary>Takes the next part of a line, not empty; returns what of it belongs to the field's value.</summary>
    public ReadOnlySpan<byte> Take(ReadOnlySpan<byte> part)
    {
        IsEmptyLine = false;
        if (Field == SseField.None)
        {
            var colon = part.IndexOf((byte)':');
            AppendName(colon < 0 ? part : part[..colon]);
            if (colon < 0) return default;
            Begin();
            part = part[(colon + 1)..];
        }

        if (_skipsSpace && !part.IsEmpty)
        {
            _skipsSpace = false;
            if (part[0] == (byte)' ') part = part[1..];
        }

        if (Field == SseField.Data && _headLength < _head.Length)
        {
            var taken = Math.Min(part.Length, _head.Length - _headLength);
            part[..taken].CopyTo(_head.AsSpan(_headLength));
            _headLength += taken;
        }
        else if (Field == SseField.Event)
        {
            if (_eventLength + part.Length <= MaxEventName) part.CopyTo(_event.AsSpan(_eventLength));
            _eventLength = Math.Min(MaxEventName, _eventLength + part.Length);
        }

        return part;
    }

    /// <summary>Ends a line that was not empty.</summary>
    public void EndLine()
    {
        Field = SseField.None;
        IsEmptyLine = true;
        _isFirstLine = false;
        _nameLength = 0;
    }

    /// <summary>Ends an event.</summary>
    public void EndEvent()
    {
        _eventLength = 0;
        _dataLines = 0;
        _headLength = 0;
    }

    private void AppendName(ReadOnlySpan<byte> part)
    {
        if (_nameLength + part.Length <= MaxName) part.CopyTo(_name.AsSpan(_nameLength));
        else Field = SseField.Other;
        _nameLength = Math.Min(MaxName, _nameLength + part.Length);
    }

    private void Begin()
    {
        if (Field == SseField.Other) return;
        var name = _name.AsSpan(0, _nameLength);
        if (_isFirstLine && name.StartsWith("\uFEFF"u8)) name = name[3..];
        Field = name.IsEmpty ? SseField.Comment
            : name.SequenceEqual("data"u8) ? SseField.Data
            : name.SequenceEqual("event"u8) ? SseField.Event
            : SseField.Other;
        _skipsSpace = true;
        if (Field == SseField.Data)
        {
            _dataLines++;
            _headLength = 0;
        }
        else if (Field == SseField.Event) _eventLength = 0;
    }
}
