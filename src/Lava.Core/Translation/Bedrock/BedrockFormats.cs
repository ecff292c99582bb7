namespace Lava.Core.Translation.Bedrock;

/// <summary>Bedrock's names of media types.</summary>
internal static class BedrockFormats
{
    private static readonly (string Format, string Type)[] Documents =
    [
        ("pdf", "application/pdf"),
        ("txt", "text/plain"),
        ("md", "text/markdown"),
        ("csv", "text/csv"),
        ("html", "text/html"),
        ("doc", "application/msword"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("xls", "application/vnd.ms-excel"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ];

    /// <summary>A document's media type; null for a format that is not known.</summary>
    public static string? TypeOf(string format) => Array.Find(Documents, pair => pair.Format == format).Type;

    /// <summary>A document's format; null for a type that Bedrock does not take.</summary>
    public static string? DocumentOf(string? type) => Array.Find(Documents, pair => pair.Type == type).Format;

    /// <summary>An image's format; null for a type that Bedrock does not take.</summary>
    public static string? ImageOf(string? type) => type switch
    {
        "image/png" => "png",
        "image/jpeg" or "image/jpg" => "jpeg",
        "image/gif" => "gif",
        "image/webp" => "webp",
        _ => null,
    };

    /// <summary>A name that Bedrock takes for a document: letters, digits, single spaces, hyphens, parentheses and brackets.</summary>
    public static string NameOf(string? name, int number)
    {
        var legal = string.Join(' ', new string([.. (name ?? "").Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '(' or ')' or '[' or ']' ? c : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return legal.Length == 0 ? $"document-{number}" : legal[..Math.Min(legal.Length, 200)];
    }
}
