using System.Globalization;
using System.Text;

namespace Lava.Core.Formats.Requests;

/// <summary>Reads an upload (<c>multipart/form-data</c>, RFC 7578): the fields <c>model</c>, <c>n</c> and <c>stream</c>, and the length of an audio file.</summary>
internal static class MultipartRequest
{
    private const int MaxField = 4_096;

    public static RequestFacts? Read(ReadOnlySpan<byte> body, string contentType)
    {
        if (Boundary(contentType) is not { } boundary) return null;
        var delimiter = Encoding.Latin1.GetBytes("--" + boundary);
        string? model = null;
        var stream = false;
        long choices = 1, files = 0, text = 0;
        var fileCount = 0;
        decimal? seconds = null;
        var rest = body;
        var start = rest.IndexOf(delimiter);
        if (start < 0) return null;
        rest = rest[(start + delimiter.Length)..];
        while (!rest.StartsWith("--"u8))
        {
            var end = rest.IndexOf(delimiter);
            if (end < 0) return null;
            var part = rest[..end];
            rest = rest[(end + delimiter.Length)..];
            var split = part.IndexOf("\r\n\r\n"u8);
            if (split < 0) return null;
            var headers = Encoding.Latin1.GetString(part[..split]);
            var content = part[(split + 4)..];
            if (content.EndsWith("\r\n"u8)) content = content[..^2];
            if (headers.Contains("filename", StringComparison.OrdinalIgnoreCase))
            {
                fileCount++;
                files += content.Length;
                seconds ??= AudioLength.Of(content);
                continue;
            }

            text += content.Length;
            if (content.Length > MaxField) continue;
            var value = Encoding.UTF8.GetString(content).Trim();
            switch (Name(headers))
            {
                case "model" or "model_id":
                    model = value.Length is > 0 and <= 256 ? value : null;
                    break;
                case "stream":
                    stream = value is "true" or "1";
                    break;
                case "n":
                    if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var n)) choices = Math.Clamp(n, 1, 1_000);
                    break;
            }
        }

        return new RequestFacts
        {
            Model = model,
            Stream = stream,
            Choices = choices,
            PromptBytes = text,
            MediaParts = fileCount,
            MediaBytes = files,
            AudioSeconds = seconds,
        };
    }

    private static string? Boundary(string contentType)
    {
        var at = contentType.IndexOf("boundary=", StringComparison.OrdinalIgnoreCase);
        if (at < 0) return null;
        var value = contentType[(at + 9)..];
        var end = value.StartsWith('"') ? value.IndexOf('"', 1) : value.IndexOf(';', StringComparison.Ordinal);
        value = (end < 0 ? value : value[..end]).Trim('"', ' ');
        return value.Length is 0 or > 200 ? null : value;
    }

    private static string? Name(string headers)
    {
        var at = headers.IndexOf(" name=", StringComparison.OrdinalIgnoreCase);
        if (at < 0) at = headers.IndexOf(";name=", StringComparison.OrdinalIgnoreCase);
        if (at < 0) return null;
        var value = headers[(at + 6)..];
        var end = value.StartsWith('"') ? value.IndexOf('"', 1) : value.IndexOfAny([';', '\r']);
        return (end < 0 ? value : value[..end]).Trim('"', ' ');
    }
}
