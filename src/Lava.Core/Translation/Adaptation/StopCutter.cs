using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;

namespace Lava.Core.Translation.Adaptation;

/// <summary>Ends an answer's text at the first of some sequences, for providers that do not. Text comes in pieces; what may be the beginning of a sequence
/// waits for the next one.</summary>
internal sealed class StopCutter(IReadOnlyList<string> stops)
{
    private string _held = "";

    /// <summary>The sequence that the text has come to; null before that.</summary>
    public string? Found { get; private set; }

    /// <summary>A whole answer that ends at the first of some sequences.</summary>
    public static Answer Cut(Answer answer, IReadOnlyList<string> stops)
    {
        var parts = new List<Part>();
        foreach (var part in answer.Parts)
        {
            if (part is not TextPart text)
            {
                parts.Add(part);
                continue;
            }

            var cutter = new StopCutter(stops);
            var kept = cutter.Take(text.Text) + cutter.Finish();
            if (kept.Length > 0) parts.Add(text with { Text = kept });
            if (cutter.Found is not null) return answer with { Parts = parts, Finish = FinishReason.StopSequence, StopSequence = cutter.Found };
        }

        return answer;
    }

    /// <summary>Takes a piece and gives what of the text can be passed on.</summary>
    public string Take(string piece)
    {
        if (Found is not null) return "";
        var text = _held + piece;
        _held = "";
        var at = text.Length;
        foreach (var stop in stops)
        {
            var found = text.IndexOf(stop, StringComparison.Ordinal);
            if (found < 0 || found >= at) continue;
            (at, Found) = (found, stop);
        }

        if (Found is not null) return text[..at];
        var kept = Waiting(text);
        _held = text[^kept..];
        return text[..^kept];
    }

    /// <summary>Gives what waited, for a part of the answer that has ended.</summary>
    public string Finish()
    {
        var rest = _held;
        _held = "";
        return rest;
    }

    /// <summary>How many characters at the end may begin a sequence, or are half of a surrogate pair.</summary>
    private int Waiting(string text)
    {
        var most = text.Length > 0 && char.IsHighSurrogate(text[^1]) ? 1 : 0;
        foreach (var stop in stops)
        {
            for (var length = Math.Min(stop.Length - 1, text.Length); length > most; length--)
            {
                if (!text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length))) continue;
                most = length;
                break;
            }
        }

        return most;
    }
}
