using System.Globalization;
using System.Text;
using System.Text.Json;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Streams;

/// <summary>Takes the text of a custom tool out of the arguments that carry it, <c>{"input":"…"}</c>, cut anywhere, as far as it has come. Other members after
/// it say nothing to the tool and are left out. Arguments of another form are what a model made instead, and come out as they are, at the end.</summary>
internal sealed class WrappedInput
{
    /// <summary>Most characters that wait for the end to show what they are; more come out as they are.</summary>
    private const int MaxHeld = 1024 * 1024;

    private const string Head = "{\"" + CustomTools.Parameter + "\":\"";

    // White space may stand before the brace, the name, the colon and the text.
    private static readonly int Colon = Head.Length - 2;

    private readonly StringBuilder _text = new();
    private readonly StringBuilder _held = new();
    private State _state;
    private int _head;
    private int _digits;
    private int _code;
    private char _high;

    private enum State
    {
        /// <summary>Before the text.</summary>
        Head,
        Text,

        /// <summary>After a backslash in the text.</summary>
        Escape,

        /// <summary>In the digits of an escaped character.</summary>
        Code,

        /// <summary>After the text.</summary>
        Tail,

        /// <summary>In arguments of another form.</summary>
        Other,

        /// <summary>In what is passed as it is, for there is too much of it.</summary>
        Raw,
    }

    /// <summary>Takes a piece of the arguments; gives the text that is known by it.</summary>
    public string Take(ReadOnlySpan<char> piece)
    {
        foreach (var c in piece) Take(c);
        return Drain();
    }

    /// <summary>Takes the end of the arguments; gives the rest of the text.</summary>
    public string Finish()
    {
        if (_state is State.Head or State.Other) Append(Unwrapped(_held.ToString()));

        // A quote in the text that the model did not escape looked like its end.
        else if (_state == State.Tail && !IsTail(_held.ToString())) AppendHeld();
        if (_high != 0) _text.Append('\uFFFD');
        _high = '\0';
        return Drain();
    }

    private void Take(char c)
    {
        switch (_state)
        {
            case State.Head:
                TakeHead(c);
                break;
            case State.Text when c == '"':
                _state = State.Tail;
                _held.Append(c);
                break;
            case State.Text when c == '\\':
                _state = State.Escape;
                break;
            case State.Escape:
                TakeEscape(c);
                break;
            case State.Code:
                TakeDigit(c);
                break;
            case State.Tail or State.Other:
                _held.Append(c);
                break;
            default:
                Append(c);
                break;
        }

        if (_held.Length <= MaxHeld) return;
        AppendHeld();
        _state = State.Raw;
    }

    private void TakeHead(char c)
    {
        _held.Append(c);
        if (c == Head[_head]) _head++;
        else if (c is not (' ' or '\t' or '\r' or '\n') || (_head > 1 && _head < Colon)) _state = State.Other;
        if (_head < Head.Length) return;
        _state = State.Text;
        _held.Clear();
    }

    private void TakeEscape(char c)
    {
        _state = State.Text;
        switch (c)
        {
            case 'n': Append('\n'); break;
            case 't': Append('\t'); break;
            case 'r': Append('\r'); break;
            case 'b': Append('\b'); break;
            case 'f': Append('\f'); break;
            case '"' or '\\' or '/': Append(c); break;
            case 'u':
                _state = State.Code;
                _digits = _code = 0;
                break;
            default:
                // No escape of JSON's: the model meant the backslash itself.
                Append('\\');
                Append(c);
                break;
        }
    }

    private void TakeDigit(char c)
    {
        if (!char.IsAsciiHexDigit(c))
        {
            _state = State.Text;
            Append("\\u" + (_digits == 0 ? "" : _code.ToString("x" + _digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)));
            Take(c);
            return;
        }

        _code = (_code << 4) | (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
        if (++_digits < 4) return;
        _state = State.Text;
        Append((char)_code);
    }

    /// <summary>The text of whole arguments whose form is another: of an object it may still be a member, and nothing is no text.</summary>
    private static string Unwrapped(string arguments)
    {
        if (string.IsNullOrWhiteSpace(arguments)) return "";
        using var document = JsonText.TryParse(arguments);
        if (document is not { RootElement.ValueKind: JsonValueKind.Object }) return arguments;
        try
        {
            return document.RootElement.Text(CustomTools.Parameter) ?? (document.RootElement.EnumerateObject().MoveNext() ? arguments : "");
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair in an escape.
            return arguments;
        }
    }

    private static bool IsTail(string tail)
    {
        if (tail.AsSpan(1).Trim().Length == 0) return true;
        using var document = JsonText.TryParse(Head + tail);
        return document is not null;
    }

    private void AppendHeld()
    {
        Append(_held.ToString());
        _held.Clear();
    }

    private void Append(string text)
    {
        foreach (var c in text) Append(c);
    }

    /// <summary>Appends a character; the halves of a pair may come in different pieces, and one alone is no text.</summary>
    private void Append(char c)
    {
        if (_high != 0)
        {
            if (char.IsLowSurrogate(c)) _text.Append(_high).Append(c);
            else _text.Append('\uFFFD');
            var isPair = char.IsLowSurrogate(c);
            _high = '\0';
            if (isPair) return;
        }

        if (char.IsHighSurrogate(c)) _high = c;
        else _text.Append(char.IsLowSurrogate(c) ? '\uFFFD' : c);
    }

    private string Drain()
    {
        var text = _text.ToString();
        _text.Clear();
        return text;
    }
}
