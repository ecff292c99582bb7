using System.Buffers;

namespace Lava.Core.Formats.Answers;

/// <summary>Finds members of interest at the top of a JSON document (or of each object of a top-level array) while its bytes pass, cut anywhere. Everything else is
/// skipped without being kept, so that a body of any size takes bounded memory. It does not check the JSON: what is not well-formed yields nothing.</summary>
internal sealed class JsonMemberScanner : IDisposable
{
    /// <summary>Longest value that is captured; a longer one is given up.</summary>
    private const int MaxCapture = 64 * 1024;

    private const int MaxName = 64;

    private static readonly SearchValues<byte> StringEnds = SearchValues.Create("\"\\"u8);
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[],:"u8);

    private readonly byte[][] _names;
    private readonly HeldBytes[] _values;
    private readonly byte[] _name = new byte[MaxName];
    private readonly int _counted;
    private int _nameLength;
    private int _depth;
    private int _memberDepth = 1;
    private int _capturing = -1;
    private int _current = -1;
    private bool _hasRoot;
    private bool _inString;
    private bool _escaped;
    private bool _isName;
    private bool _expectsName;

    /// <param name="names">Members to capture.</param>
    /// <param name="counted">Index of the member whose array entries are counted; -1 for none.</param>
    public JsonMemberScanner(byte[][] names, int counted = -1)
    {
        _names = names;
        _counted = counted;
        _values = new HeldBytes[names.Length];
        for (var i = 0; i < names.Length; i++) _values[i] = new HeldBytes();
    }

    /// <summary>Whether the root's end has passed.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Objects in the counted member's array.</summary>
    public int Count { get; private set; }

    /// <summary>The last value of a member; empty where it has not come.</summary>
    public ReadOnlySpan<byte> Value(int index) => _values[index].Span;

    /// <summary>Scans the next bytes; returns the index of the root's closing bracket in them, or -1.</summary>
    public int Scan(ReadOnlySpan<byte> bytes)
    {
        var i = 0;
        while (i < bytes.Length && !IsComplete)
        {
            var step = _inString ? ScanString(bytes[i..]) : ScanStructure(bytes[i..]);
            i += step;
            if (IsComplete) return i - 1;
        }

        return -1;
    }

    public void Dispose()
    {
        foreach (var value in _values) value.Dispose();
    }

    private int ScanString(ReadOnlySpan<byte> bytes)
    {
        if (_escaped)
        {
            _escaped = false;
            Keep(bytes[..1]);
            return 1;
        }

        var end = bytes.IndexOfAny(StringEnds);
        if (end < 0)
        {
            Keep(bytes);
            return bytes.Length;
        }

        var isQuote = bytes[end] == (byte)'"';
        Keep(bytes[..(isQuote && _isName ? end : end + 1)]);
        if (isQuote) EndString();
        else _escaped = true;
        return end + 1;
    }

    private void EndString()
    {
        _inString = false;
        if (!_isName) return;
        _isName = false;
        _current = -1;
        for (var n = 0; n < _names.Length; n++)
        {
            if (_names[n].AsSpan().SequenceEqual(_name.AsSpan(0, Math.Min(_nameLength, MaxName)))) _current = n;
        }
    }

    private int ScanStructure(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOfAny(Structure);
        if (at < 0)
        {
            Keep(bytes);
            return bytes.Length;
        }

        if (at > 0) Keep(bytes[..at]);
        var c = bytes[at];
        switch (c)
        {
            case (byte)'"':
                _inString = true;
                _isName = _expectsName && _depth == _memberDepth;
                if (_isName) _nameLength = 0;
                else Keep(bytes.Slice(at, 1));
                _expectsName = false;
                break;
            case (byte)'{' or (byte)'[':
                if (!_hasRoot)
                {
                    _hasRoot = true;
                    _memberDepth = c == (byte)'[' ? 2 : 1;
                }

                _depth++;
                if (_current == _counted && _counted >= 0 && c == (byte)'{' && _depth == _memberDepth + 2) Count++;
                _expectsName = c == (byte)'{' && _depth == _memberDepth;
                Keep(bytes.Slice(at, 1));
                break;
            case (byte)'}' or (byte)']':
                if (_depth == _memberDepth) EndMember();
                else Keep(bytes.Slice(at, 1));
                _depth--;
                IsComplete = _hasRoot && _depth <= 0;
                break;
            case (byte)',':
                if (_depth == _memberDepth)
                {
                    EndMember();
                    _expectsName = true;
                }
                else Keep(bytes.Slice(at, 1));
                break;
            default:
                if (_depth == _memberDepth && _capturing < 0 && _current >= 0 && _current != _counted)
                {
                    _capturing = _current;
                    _values[_current].Clear();
                }
                else Keep(bytes.Slice(at, 1));
                break;
        }

        return at + 1;
    }

    private void EndMember()
    {
        _capturing = -1;
        _current = -1;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_isName)
        {
            if (_nameLength + bytes.Length <= MaxName) bytes.CopyTo(_name.AsSpan(_nameLength));
            _nameLength += bytes.Length;
        }
        else if (_capturing >= 0)
        {
            if (_values[_capturing].Length + bytes.Length > MaxCapture)
            {
                _values[_capturing].Clear();
                _capturing = -1;
                _current = -1;
            }
            else _values[_capturing].Append(bytes);
        }
    }
}
