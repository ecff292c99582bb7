namespace Lava.Core.Gateway;

/// <summary>Where a call to <c>/v1/forward</c> is to go, and what of its query is Lava's own.</summary>
/// <param name="Url">The absolute https address at the provider, without credentials of Lava.</param>
/// <param name="Credential">A Lava credential found in a <c>key</c> parameter; null without one. Used only when no header carries one, forwarded never.</param>
/// <param name="Metadata">The value of the <c>metadata</c> parameter, decoded; null without one.</param>
public sealed record ForwardTarget(Uri Url, string? Credential, string? Metadata)
{
    /// <summary>The prefix of every form.</summary>
    public const string Prefix = "/v1/forward";

    private const int MaxLength = 16 * 1024;

    /// <summary>Reads the target of a request (behaviour.md §2.1, rest-api.md §1.3.7): percent-encoded <c>u</c>, raw <c>u</c> with its own query, an ignored
    /// word before <c>?u=</c>, the target in the path. Null when there is none, or it is not an https address of a host.</summary>
    /// <param name="rawTarget">The request target as it came on the wire, from <c>/v1/forward</c> on.</param>
    public static ForwardTarget? Parse(string rawTarget)
    {
        if (rawTarget.Length > MaxLength || !rawTarget.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return null;
        var queryStart = rawTarget.IndexOf('?', StringComparison.Ordinal);
        var path = queryStart < 0 ? rawTarget[Prefix.Length..] : rawTarget[Prefix.Length..queryStart];
        var query = queryStart < 0 ? "" : rawTarget[(queryStart + 1)..];

        var parameters = query.Length == 0 ? [] : query.Split('&');
        var u = Array.FindIndex(parameters, parameter => parameter.StartsWith("u=", StringComparison.Ordinal));
        string address;
        IEnumerable<string> rest;
        if (u >= 0)
        {
            address = parameters[u][2..];

            // Raw form: what follows belongs to the target. Encoded form too, save for Lava's own parameters.
            rest = parameters.Where((_, index) => index != u);
            if (!IsAbsolute(address)) address = Uri.UnescapeDataString(address);
            if (address.StartsWith("https%3A", StringComparison.OrdinalIgnoreCase) || address.StartsWith("http%3A", StringComparison.OrdinalIgnoreCase))
                address = Uri.UnescapeDataString(address);
        }
        else
        {
            address = path.TrimStart('/');
            rest = parameters;
        }

        if (address.Length == 0) return null;
        string? credential = null;
        string? metadata = null;
        var kept = new List<string>();
        var mark = address.IndexOf('?', StringComparison.Ordinal);
        var own = mark < 0 ? [] : address[(mark + 1)..].Split('&');
        foreach (var parameter in own.Concat(rest))
        {
            // The name may be percent-encoded: servers read k%65y as key, so it is never sent on nor stored either.
            var equals = parameter.IndexOf('=', StringComparison.Ordinal);
            switch (Uri.UnescapeDataString(equals < 0 ? parameter : parameter[..equals]).Trim().ToLowerInvariant())
            {
                case "":
                    break;
                case "key":
                    credential ??= Uri.UnescapeDataString(parameter[(equals + 1)..]);
                    break;
                case "metadata":
                    metadata ??= Uri.UnescapeDataString(parameter[(equals + 1)..].Replace('+', ' '));
                    break;
                default:
                    kept.Add(parameter);
                    break;
            }
        }

        var bare = mark < 0 ? address : address[..mark];
        var url = Absolute(kept.Count == 0 ? bare : bare + "?" + string.Join('&', kept));
        return url is null ? null : new ForwardTarget(url, credential, metadata);
    }

    /// <summary>Reads an address that may lack its scheme or one of its slashes; null unless it is https to a named host without user info, port or
    /// fragment.</summary>
    private static Uri? Absolute(string address)
    {
        if (address.StartsWith("https:/", StringComparison.OrdinalIgnoreCase) && !address.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            address = "https://" + address[7..];
        else if (!address.Contains("://", StringComparison.Ordinal) || address.IndexOf("://", StringComparison.Ordinal) > address.IndexOfAny(['/', '?']))
            address = "https://" + address;

        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttps) return null;

        // A literal address, a port or user info never names a provider of the catalogue.
        if (url.HostNameType != UriHostNameType.Dns || !url.IsDefaultPort || url.UserInfo.Length > 0 || url.Fragment.Length > 0) return null;

        // Dot segments and backslashes were resolved above; whoever sends them means another path than the one that would be matched.
        if (address.Contains('\\', StringComparison.Ordinal) || HasDotSegment(address)) return null;
        return url;
    }

    private static bool IsAbsolute(string text) =>
        text.StartsWith("https:/", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http:/", StringComparison.OrdinalIgnoreCase);

    private static bool HasDotSegment(string address)
    {
        var end = address.IndexOf('?', StringComparison.Ordinal);
        var path = Uri.UnescapeDataString(end < 0 ? address : address[..end]);
        return path.Contains("/../", StringComparison.Ordinal) || path.Contains("/./", StringComparison.Ordinal)
            || path.EndsWith("/..", StringComparison.Ordinal) || path.EndsWith("/.", StringComparison.Ordinal);
    }
}
