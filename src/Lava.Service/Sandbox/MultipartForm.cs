using System.Text;

namespace Lava.Service.Sandbox;

/// <summary>The text fields of a <c>multipart/form-data</c> body. Files are passed over.</summary>
internal sealed class MultipartForm
{
    private const int MostParts = 64;
    private const int LongestField = 64 * 1024;

    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);

    /// <summary>A field's value; null without it.</summary>
    public string? this[string name] => _fields.GetValueOrDefault(name);

    /// <summary>Reads a form; null where the media type is another.</summary>
    public static MultipartForm? Read(ReadOnlyMemory<byte> body, string? contentType)
    {
        if (contentType is null || !contentType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase)) return null;
        var form = new MultipartForm();
        var at = contentType.IndexOf("boundary=", StringComparison.OrdinalIgnoreCase);
        if (at < 0) return form;
        var boundary = contentType[(at + 9)..].Split(';')[0].Trim().Trim('"');
        if (boundary.Length == 0) return form;
        var delimiter = Encoding.UTF8.GetBytes("--" + boundary);
        var rest = body.Span;
        var start = rest.IndexOf(delimiter);
        for (var part = 0; start >= 0 && part < MostParts; part++)
        {
            rest = rest[(start + delimiter.Length)..];
            if (rest.StartsWith("--"u8)) break;
            start = rest.IndexOf(delimiter);
            if (start >= 0) form.Add(rest[..start]);
        }

        return form;
    }

    private void Add(ReadOnlySpan<byte> part)
    {
        var end = part.IndexOf("\r\n\r\n"u8);
        if (end < 0) return;
        var headers = Encoding.UTF8.GetString(part[..end]);
        var value = part[(end + 4)..];
        if (value.EndsWith("\r\n"u8)) value = value[..^2];
        if (headers.Contains("filename", StringComparison.OrdinalIgnoreCase) || value.Length > LongestField) return;
        var at = headers.IndexOf("name=", StringComparison.OrdinalIgnoreCase);
        if (at < 0) return;
        var name = headers[(at + 5)..].Split('\r', ';')[0].Trim().Trim('"');
        _fields[name] = Encoding.UTF8.GetString(value);
    }
}
