using System.Text;

namespace Lava.Service.Sandbox;

/// <summary>The text fields of a <c>multipart/form-data</c> body, and the names and lengths of its files.</summary>
internal sealed class MultipartForm
{
    private const int MostParts = 64;
    private const int LongestField = 64 * 1024;

    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);
    private readonly List<(string Field, string Name, long Length)> _files = [];

    /// <summary>A field's value; null without it.</summary>
    public string? this[string name] => _fields.GetValueOrDefault(name);

    /// <summary>The files of a field.</summary>
    public IReadOnlyList<(string Name, long Length)> Files(string field) =>
        [.. _files.Where(file => file.Field == field).Select(file => (file.Name, file.Length))];

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
        if (Parameter(headers, "name") is not { } name) return;
        if (Parameter(headers, "filename") is { } file) _files.Add((name, file, value.Length));
        else if (value.Length <= LongestField) _fields[name] = Encoding.UTF8.GetString(value);
    }

    private static string? Parameter(string headers, string name)
    {
        foreach (var item in headers.Split(';', '\r'))
        {
            var text = item.Trim();
            if (text.StartsWith(name + "=", StringComparison.OrdinalIgnoreCase)) return text[(name.Length + 1)..].Trim('"');
        }

        return null;
    }
}
