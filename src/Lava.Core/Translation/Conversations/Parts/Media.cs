namespace Lava.Core.Translation.Conversations.Parts;

/// <summary>Bytes in the body, or the address where they are.</summary>
/// <param name="Type">Media type; null where an address does not tell.</param>
/// <param name="Base64">The bytes; null for an address.</param>
/// <param name="Url">The address; null for bytes.</param>
internal sealed record Media(string? Type, string? Base64, string? Url)
{
    /// <summary>Reads what OpenAI takes for an address: a data URL or another. Null for a data URL that is not base64.</summary>
    public static Media? OfUrl(string url)
    {
        if (!url.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) return new Media(null, null, url);
        var comma = url.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || !url.AsSpan(0, comma).EndsWith(";base64", StringComparison.OrdinalIgnoreCase)) return null;
        var type = url.AsSpan(5, comma - 5 - ";base64".Length);
        var end = type.IndexOf(';');
        return new Media((end < 0 ? type : type[..end]).ToString(), url[(comma + 1)..], null);
    }

    /// <summary>As OpenAI takes it.</summary>
    public string ToUrl() => Url ?? $"data:{Type};base64,{Base64}";
}
