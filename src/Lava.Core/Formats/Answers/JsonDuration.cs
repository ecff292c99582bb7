using System.Buffers.Text;

namespace Lava.Core.Formats.Answers;

/// <summary>Reads a duration in seconds, a JSON number or (as some hosts write it) a string.</summary>
internal static class JsonDuration
{
    private const decimal Most = 10_000_000;

    public static bool TryRead(ReadOnlySpan<byte> json, out decimal seconds)
    {
        var text = json.Trim(" \t\r\n\""u8);
        return Utf8Parser.TryParse(text, out seconds, out var length) && length == text.Length && length > 0 && seconds is >= 0 and <= Most;
    }
}
