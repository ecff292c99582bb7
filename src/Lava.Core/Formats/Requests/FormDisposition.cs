using System.Text;

namespace Lava.Core.Formats.Requests;

/// <summary>What a form part's <c>Content-Disposition</c> says (RFC 7578 §4.2).</summary>
/// <param name="Name">The field's name.</param>
/// <param name="IsFile">Whether it names a file.</param>
internal readonly record struct FormDisposition(string Name, bool IsFile)
{
    private const string Header = "content-disposition:";

    /// <summary>Reads it from a part's headers; null where it is missing, repeated, or written in a way that readers understand differently.</summary>
    public static FormDisposition? Read(ReadOnlySpan<byte> headers)
    {
        string? found = null;
        foreach (var line in Encoding.Latin1.GetString(headers).Split("\r\n"))
        {
            // A line that begins with a blank continues the one before it, which readers no longer agree on.
            if (line.StartsWith(' ') || line.StartsWith('\t')) return null;
            if (!line.StartsWith(Header, StringComparison.OrdinalIgnoreCase)) continue;
            if (found is not null) return null;
            found = line[Header.Length..];
        }

        return found is null ? null : Parse(found.AsSpan().Trim());
    }

    private static FormDisposition? Parse(ReadOnlySpan<char> value)
    {
        const string Kind = "form-data";
        if (!value.StartsWith(Kind, StringComparison.OrdinalIgnoreCase)) return null;
        value = value[Kind.Length..];
        string? name = null;
        var isFile = false;
        while (!(value = value.TrimStart()).IsEmpty)
        {
            if (value[0] != ';') return null;
            value = value[1..].TrimStart();
            if (value.IsEmpty) break;
            var equals = value.IndexOf('=');
            if (equals < 0) return null;
            var key = value[..equals].Trim();
            value = value[(equals + 1)..].TrimStart();
            if (TakeValue(ref value) is not { } text) return null;
            if (key.Equals("name", StringComparison.OrdinalIgnoreCase))
            {
                if (name is not null || text.Contains('\\', StringComparison.Ordinal)) return null;
                name = text;
            }
            else if (key.Equals("filename", StringComparison.OrdinalIgnoreCase) || key.Equals("filename*", StringComparison.OrdinalIgnoreCase)) isFile = true;
            else return null;
        }

        return name is null ? null : new FormDisposition(name, isFile);
    }

    private static string? TakeValue(ref ReadOnlySpan<char> rest)
    {
        if (!rest.StartsWith("\""))
        {
            var end = rest.IndexOf(';');
            var token = (end < 0 ? rest : rest[..end]).TrimEnd();
            rest = end < 0 ? default : rest[end..];
            return token.Contains('"') ? null : token.ToString();
        }

        // A quote inside is escaped by a backslash in some writers, by %22 in browsers.
        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] == '\\') i++;
            else if (rest[i] == '"')
            {
                var text = rest[1..i].ToString();
                rest = rest[(i + 1)..];
                return text;
            }
        }

        return null;
    }
}
