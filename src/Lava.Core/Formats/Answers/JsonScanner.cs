using System.Buffers;

namespace Lava.Core.Formats.Answers;

/// <summary>Finds the members of a <see cref="JsonShape"/> while a document's bytes pass, cut anywhere. All else is skipped without being kept, so that a
/// document of any size takes bounded memory. It does not check the JSON: what is not well-formed yields nothing, or values that their reader
/// refuses.</summary>
internal sealed class JsonScanner(JsonShape shape) : IDisposable
{
    /// <summary>Longest value that is captured, bytes; a longer one is given up.</summary>
    public const int MaxValue = 64 * 1024;

    private const int MaxName = 64;
    private const int MaxFrames = 16;

    private static readonly SearchValues<byte> StringEnds = SearchValues.Create("\"\\"u8);
    private static readonly SearchValues<byte> Nesting = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[],:"u8);
    private static readonly SearchValues<byte> Blanks = SearchValues.Create(" \t\r\n\uFEFF"u8);

    private readonly HeldBytes?[] _values = new HeldBytes?[shape.Slots];
    private readonly bool[] _isWhole = new bool[shape.Slots];
    private readonly int[] _counts = new int[shape.Slots];
    private readonly (int Node, bool IsObject)[] _frames = new (int, bool)[MaxFrames];
    private readonly byte[] _name = new byte[MaxName];
    private int _nameLength;
    private int _frameCount;
    private long _skippedDepth;
    private int _member = -1;
    private int _capturing = -1;
    private bool _isInString;
    private bool _isInName;
    private bool _isEscaped;
    private bool _expectsName;

    /// <summary>Whether the root's end has passed.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether the document turned out to be neither an object nor an array; it is not scanned further.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether a value of interest was longer than <see cref="MaxValue"/>.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>The last whole value of a slot, as JSON, or all of them one after the other; empty where there is none.</summary>
    public ReadOnlySpan<byte> Value(int slot) => _isWhole[slot] ? _values[slot]!.Span.Trim(" \t\r\n"u8) : default;

    /// <summary>How many objects a counted array had; -1 where the array has not come.</summary>
    public int Count(int slot) => _counts[slot] - 1;

    /// <summary>Scans the next bytes; returns the index of the root's closing bracket in them, or -1.</summary>
    public int Scan(ReadOnlySpan<byte> bytes)
    {
        var i = 0;
        while (i < bytes.Length && !IsComplete && !IsBroken)
        {
            var rest = bytes[i..];
            i += _isInString ? ScanString(rest) : _skippedDepth > 0 ? ScanSkipped(rest) : _frameCount == 0 ? ScanRoot(rest) : ScanMembers(rest);
            if (IsComplete) return i - 1;
        }

        return -1;
    }

    /// <summary>Makes ready for another document.</summary>
    public void Reset()
    {
        foreach (var value in _values) value?.Clear();
        Array.Clear(_isWhole);
        Array.Clear(_counts);
        _frameCount = 0;
        _skippedDepth = 0;
        _member = -1;
        _capturing = -1;
        _isInString = _isInName = _isEscaped = _expectsName = false;
        IsComplete = IsBroken = IsGivenUp = false;
    }

    public void Dispose()
    {
        foreach (var value in _values) value?.Dispose();
    }

    private int ScanRoot(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOfAnyExcept(Blanks);
        if (at < 0) return bytes.Length;
        if (bytes[at] is (byte)'{' or (byte)'[') Push(0, bytes[at] == (byte)'{');
        else IsBroken = true;
        return at + 1;
    }

    private int ScanString(ReadOnlySpan<byte> bytes)
    {
        if (_isEscaped)
        {
            _isEscaped = false;
            Keep(bytes[..1]);
            return 1;
        }

        var end = bytes.IndexOfAny(StringEnds);
        if (end < 0)
        {
            Keep(bytes);
            return bytes.Length;
        }

        if (bytes[end] == (byte)'\\')
        {
            _isEscaped = true;
            Keep(bytes[..(end + 1)]);
            return end + 1;
        }

        _isInString = false;
        Keep(bytes[..(_isInName ? end : end + 1)]);
        if (!_isInName) return end + 1;
        _isInName = false;
        _member = _nameLength <= MaxName ? shape.Find(_frames[_frameCount - 1].Node, _name.AsSpan(0, _nameLength)) : -1;
        return end + 1;
    }

    private int ScanSkipped(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOfAny(Nesting);
        if (at < 0)
        {
            Keep(bytes);
            return bytes.Length;
        }

        Keep(bytes[..(at + 1)]);
        if (bytes[at] == (byte)'"') _isInString = true;
        else if (bytes[at] is (byte)'{' or (byte)'[') _skippedDepth++;
        else _skippedDepth--;
        return at + 1;
    }

    private int ScanMembers(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOfAny(Structure);
        if (at < 0)
        {
            Keep(bytes);
            return bytes.Length;
        }

        Keep(bytes[..at]);
        var c = bytes[at];
        switch (c)
        {
            case (byte)'"':
                _isInString = true;
                _isInName = _expectsName;
                _expectsName = false;
                if (_isInName) _nameLength = 0;
                else Keep(bytes.Slice(at, 1));
                break;
            case (byte)':':
                BeginValue();
                break;
            case (byte)',':
                EndValue();
                _expectsName = _frames[_frameCount - 1].IsObject;
                break;
            case (byte)'{' or (byte)'[':
                Open(c == (byte)'{', bytes.Slice(at, 1));
                break;
            default:
                EndValue();
                _expectsName = false;
                _frameCount--;
                IsComplete = _frameCount == 0;
                break;
        }

        return at + 1;
    }

    private void Open(bool isObject, ReadOnlySpan<byte> bracket)
    {
        var (frameNode, inObject) = _frames[_frameCount - 1];
        var node = inObject ? _member : frameNode;
        if (_capturing < 0 && node >= 0)
        {
            var counter = shape.CountSlot(node);
            if (counter >= 0 && inObject && !isObject) _counts[counter] = 1;
            if (counter >= 0 && !inObject && isObject) _counts[counter]++;
            if ((shape.HasChildren(node) || (counter >= 0 && !isObject)) && _frameCount < MaxFrames)
            {
                Push(node, isObject);
                return;
            }
        }

        Keep(bracket);
        _skippedDepth = 1;
    }

    private void Push(int node, bool isObject)
    {
        _frames[_frameCount++] = (node, isObject);
        _expectsName = isObject;
        _member = -1;
    }

    private void BeginValue()
    {
        if (_member < 0 || _capturing >= 0) return;
        _capturing = shape.ValueSlot(_member);
        if (_capturing < 0) return;
        _values[_capturing] ??= new HeldBytes();
        if (!shape.Gathers(_capturing)) _values[_capturing]!.Clear();
        _isWhole[_capturing] = false;
    }

    private void EndValue()
    {
        if (_capturing >= 0) _isWhole[_capturing] = true;
        _capturing = -1;
        _member = -1;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_isInName)
        {
            if (_nameLength + bytes.Length <= MaxName) bytes.CopyTo(_name.AsSpan(_nameLength));
            _nameLength = (int)Math.Min(int.MaxValue / 2, (long)_nameLength + bytes.Length);
        }
        else if (_capturing >= 0)
        {
            if (_values[_capturing]!.Length + bytes.Length > MaxValue)
            {
                IsGivenUp = true;
                _values[_capturing]!.Clear();
                _capturing = -1;
            }
            else _values[_capturing]!.Append(bytes);
        }
    }
}
