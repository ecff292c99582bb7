using System.Text;
using System.Text.Json;

namespace Lava.Core.Gateway;

/// <summary>Request metadata: up to 100 pairs of strings of 1 to 255 characters, keys of ASCII letters, digits and underscores (rest-api.md §1.7, behaviour.md
/// §2.4).</summary>
public static class RequestMetadata
{
    /// <summary>Most pairs of a request.</summary>
    public const int MaxPairs = 100;

    /// <summary>Most characters of a key and of a value.</summary>
    public const int MaxLength = 255;

    /// <summary>Name of the header that carries all pairs as JSON, and prefix of those that carry one each.</summary>
    public const string Header = "x-lava-metadata";

    /// <summary>Puts the three channels together: a header for each key wins over the JSON header, which wins over the query parameter.</summary>
    /// <param name="query">JSON of the query parameter; null without one.</param>
    /// <param name="header">JSON of the header; null without one.</param>
    /// <param name="perKey">Suffix and value of each per-key header: the key is lower-cased and its hyphens become underscores.</param>
    /// <param name="issue">What is wrong, if the result is null.</param>
    public static IReadOnlyDictionary<string, string>? Merge(
        string? query, string? header, IEnumerable<KeyValuePair<string, string>> perKey, out MetadataIssue issue)
    {
        issue = default;
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        if (query is not null && !AddJson(pairs, query, out issue)) return null;
        if (header is not null && !AddJson(pairs, header, out issue)) return null;
        foreach (var (suffix, value) in perKey)
        {
#pragma warning disable CA1308 // The documented form of these keys is lower case.
            var key = suffix.ToLowerInvariant().Replace('-', '_');
#pragma warning restore CA1308
            if (!Add(pairs, key, value, out issue)) return null;
        }

        return pairs;
    }

    /// <summary>Whether a pair is within the limits; says what is wrong with it.</summary>
    public static bool IsValid(string key, string value, out MetadataIssue issue)
    {
        issue = default;
        if (key.Length is 0 or > MaxLength || !key.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            issue = new MetadataIssue(key, "Metadata keys must have 1 to 255 ASCII letters, digits and underscores.");
        else if (value.Length is 0 or > MaxLength)
            issue = new MetadataIssue(key, "Metadata values must have 1 to 255 characters.");
        return issue == default;
    }

    private static bool Add(Dictionary<string, string> pairs, string key, string value, out MetadataIssue issue)
    {
        if (!IsValid(key, value, out issue)) return false;
        pairs[key] = value;
        if (pairs.Count > MaxPairs) issue = new MetadataIssue("", "A request must have at most 100 metadata pairs.");
        return pairs.Count <= MaxPairs;
    }

    private static bool AddJson(Dictionary<string, string> pairs, string json, out MetadataIssue issue)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json), new JsonReaderOptions { MaxDepth = 2 });
        issue = new MetadataIssue("", "Metadata must be a JSON object whose values are strings.");
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var key = reader.GetString()!;
                reader.Read();
                if (reader.TokenType != JsonTokenType.String)
                {
                    issue = new MetadataIssue(key, "Metadata values must be strings.");
                    return false;
                }

                if (!Add(pairs, key, reader.GetString()!, out issue)) return false;
            }

            var isClosed = reader.TokenType == JsonTokenType.EndObject && !reader.Read();
            if (isClosed) issue = default;
            return isClosed;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
