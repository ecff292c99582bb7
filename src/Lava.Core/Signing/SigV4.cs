using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lava.Core.Signing;

/// <summary>Signs requests to Amazon with Signature Version 4 (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html), as all of
/// its services but S3 take it: with the path encoded once more. Pure: what it needs is given.</summary>
public static class SigV4
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The headers to add to a request: <c>X-Amz-Date</c>, <c>X-Amz-Security-Token</c> for temporary credentials, <c>Authorization</c>. All of it must
    /// then be sent as it was given.</summary>
    /// <param name="method">HTTP method in upper case.</param>
    /// <param name="url">The address; path and query as they go on the wire.</param>
    /// <param name="headers">The other headers to sign, with <c>Host</c> or without (it is then taken from the address). A name may stand more than
    /// once.</param>
    /// <param name="payloadHash">SHA-256 of the body in lower-case hexadecimal (<see cref="HashOf"/>).</param>
    /// <param name="at">The time of signing; Amazon takes a request for five minutes.</param>
    /// <param name="region">The region (<c>us-east-1</c>).</param>
    /// <param name="service">The service (<c>bedrock</c>).</param>
    /// <param name="credentials">The credentials.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Sign(
        string method,
        Uri url,
        IEnumerable<KeyValuePair<string, string>> headers,
        string payloadHash,
        DateTimeOffset at,
        string region,
        string service,
        AwsCredentials credentials)
    {
        var time = at.ToUniversalTime().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var date = time[..8];
        var added = new List<KeyValuePair<string, string>> { new("X-Amz-Date", time) };
        if (credentials.SessionToken is { } token) added.Add(new("X-Amz-Security-Token", token));
        var signed = Canonical(url, headers.Concat(added));
        var names = string.Join(';', signed.Select(header => header.Key));
        var request = new StringBuilder()
            .Append(method).Append('\n')
            .Append(CanonicalPath(url)).Append('\n')
            .Append(CanonicalQuery(url)).Append('\n')
            .AppendJoin("", signed.Select(header => $"{header.Key}:{header.Value}\n")).Append('\n')
            .Append(names).Append('\n')
            .Append(payloadHash)
            .ToString();
        var scope = $"{date}/{region}/{service}/aws4_request";
        var toSign = $"{Algorithm}\n{time}\n{scope}\n{HashOf(Encoding.UTF8.GetBytes(request))}";
        var key = Mac(Mac(Mac(Mac(Encoding.UTF8.GetBytes("AWS4" + credentials.SecretAccessKey), date), region), service), "aws4_request");
        added.Add(new(
            "Authorization",
            $"{Algorithm} Credential={credentials.AccessKeyId}/{scope}, SignedHeaders={names}, Signature={Convert.ToHexStringLower(Mac(key, toSign))}"));
        return added;
    }

    /// <summary>SHA-256 of a body in lower-case hexadecimal.</summary>
    public static string HashOf(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));

    /// <summary>Headers in order of their lower-case names; the values of one name joined by commas, runs of spaces made one.</summary>
    private static List<KeyValuePair<string, string>> Canonical(Uri url, IEnumerable<KeyValuePair<string, string>> headers)
    {
        var byName = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in headers)
        {
            var lower = name.Trim().ToLowerInvariant();
            var text = string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            byName[lower] = byName.TryGetValue(lower, out var before) ? $"{before},{text}" : text;
        }

        if (!byName.ContainsKey("host")) byName["host"] = url.IsDefaultPort ? url.Host : $"{url.Host}:{url.Port}";
        return [.. byName];
    }

    /// <summary>The path with what is reserved encoded, which on the wire it already is: so it is encoded twice.</summary>
    private static string CanonicalPath(Uri url)
    {
        var path = url.AbsolutePath;
        return path.Length == 0 ? "/" : string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
    }

    /// <summary>The query's parameters, encoded once, in order of names and then of values.</summary>
    private static string CanonicalQuery(Uri url)
    {
        var query = url.Query.TrimStart('?');
        if (query.Length == 0) return "";
        var pairs = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair =>
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = at < 0 ? (pair, "") : (pair[..at], pair[(at + 1)..]);
            return (Name: Encode(name), Value: Encode(value));
        });
        return string.Join(
            '&',
            pairs.OrderBy(pair => pair.Name, StringComparer.Ordinal)
                .ThenBy(pair => pair.Value, StringComparer.Ordinal)
                .Select(pair => $"{pair.Name}={pair.Value}"));
    }

    private static string Encode(string part) => Uri.EscapeDataString(Uri.UnescapeDataString(part));

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
