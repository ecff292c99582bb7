using System.Collections.Frozen;
using Lava.Core.Gateway;

namespace Lava.Service.Gateway;

/// <summary>Which headers pass the gateway (behaviour.md §2.3).</summary>
internal static class HeaderRules
{
    /// <summary>Request headers that carry a Lava credential, in the order in which they are tried. None of them is forwarded.</summary>
    public static readonly string[] CredentialCarriers = ["authorization", "x-api-key", "x-goog-api-key", "xi-api-key"];

    private static readonly FrozenSet<string> NotForwarded = new[]
    {
        "authorization", "x-api-key", "x-goog-api-key", "xi-api-key", "host", "connection", "keep-alive", "proxy-connection", "proxy-authorization",
        "proxy-authenticate", "te", "trailer", "transfer-encoding", "upgrade", "content-length", "accept-encoding", "cookie", "forwarded", "via", "expect",
        "anthropic-workspace-id", "x-sandbox", "x-ms-request-id", "disguised-host", "was-default-hostname", "client-ip", "x-arr-ssl", "x-arr-log-id",
        "x-original-url", "x-site-deployment-id", "x-appservice-proto", "origin", "referer",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> NotReturned = new[]
    {
        "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "te", "trailer", "transfer-encoding", "upgrade", "content-length", "set-cookie",
        "alt-svc", "strict-transport-security", "server", "date", "x-lava-request-id", "x-lava-cache", "server-timing",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a request header goes on to the provider.</summary>
    public static bool IsForwarded(string name) =>
        !NotForwarded.Contains(name)
        && !name.StartsWith("x-lava-", StringComparison.OrdinalIgnoreCase)
        && !name.StartsWith("x-forwarded-", StringComparison.OrdinalIgnoreCase)
        && !name.StartsWith("sec-", StringComparison.OrdinalIgnoreCase)
        && !name.StartsWith(':');

    /// <summary>Whether a request header goes on with a body that was translated: what speaks of the client's own provider would only confuse another.</summary>
    public static bool IsForwardedTranslated(string name) => name.Equals("user-agent", StringComparison.OrdinalIgnoreCase) || name.Equals("traceparent", StringComparison.OrdinalIgnoreCase)
        || name.Equals("x-sandbox", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a header of the provider's answer goes back to the client. Browsers are no callers, so nothing allows them (rest-api.md §1.2).</summary>
    public static bool IsReturned(string name) =>
        !NotReturned.Contains(name) && !name.StartsWith("access-control-", StringComparison.OrdinalIgnoreCase);

    /// <summary>The key of a per-key metadata header; null for any other header.</summary>
    public static string? MetadataKey(string name) =>
        name.Length > RequestMetadata.Header.Length + 1
        && name.StartsWith(RequestMetadata.Header, StringComparison.OrdinalIgnoreCase)
        && name[RequestMetadata.Header.Length] == '-'
            ? name[(RequestMetadata.Header.Length + 1)..]
            : null;
}
