using System.Collections.Frozen;
using Lava.Core.Catalogue;
using Lava.Core.Gateway;

namespace Lava.Service.Gateway.Upstream;

/// <summary>Which headers pass the gateway (behaviour.md §2.3): those that are known, in both directions. Platforms in front add headers of their own, with
/// whole addresses, identities and tokens, and new ones every year: a list of what to keep back is never whole.</summary>
internal static class HeaderRules
{
    /// <summary>Request headers that carry a Lava credential, in the order in which they are tried. None of them is forwarded.</summary>
    public static readonly string[] CredentialCarriers = ["authorization", "x-api-key", "x-goog-api-key", "xi-api-key", "api-key"];

    /// <summary>What says something of the body, the client or its trace.</summary>
    private static readonly FrozenSet<string> Forwarded = Set(
        "accept",
        "accept-language",
        "content-type",
        "content-language",
        "user-agent",
        "traceparent",
        "tracestate",
        "x-request-id",
        "x-client-request-id");

    /// <summary>What two callers with one key could get in each other's way by, and so goes on with a key of the caller's own only.</summary>
    private const string IdempotencyKey = "idempotency-key";

    /// <summary>What belongs to the connection, the body's framing or another hop. It never goes on, whatever the operator has set.</summary>
    private static readonly FrozenSet<string> Unpassable = Set(
        "connection", "content-encoding", "content-length", "expect", "host", "keep-alive", "proxy-authorization", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade");

    private static readonly FrozenSet<string> Returned = Set(
        "content-type",
        "content-encoding",
        "content-language",
        "content-disposition",
        "retry-after",
        "retry-after-ms",
        "x-should-retry",
        "x-request-id",
        "request-id",
        "cf-ray",
        "deprecation",
        "sunset",
        "openai-version",
        "openai-processing-ms",
        "openai-model",
        "anthropic-version",
        "x-amzn-requestid",
        "x-amzn-errortype",
        "x-amzn-bedrock-input-token-count",
        "x-amzn-bedrock-output-token-count",
        "x-amzn-bedrock-invocation-latency",
        "x-generation-id",
        "x-groq-region",
        "x-sandbox",
        "x-sandbox-prompt",
        "apim-request-id",
        "x-ms-region",
        "character-cost",
        "x-character-count",
        "history-item-id",
        "tts-latency-ms");

    /// <summary>What tells of the account behind the key.</summary>
    private static readonly FrozenSet<string> ReturnedForOwnKey = Set(
        "openai-organization",
        "openai-project",
        "anthropic-organization-id",
        "current-concurrent-requests",
        "maximum-concurrent-requests");

    /// <summary>Media types that no browser takes for a page or a script.</summary>
    private static readonly FrozenSet<string> PlainTypes = Set(
        "application/json",
        "text/event-stream",
        "text/plain",
        "text/vtt",
        "text/csv",
        "application/x-ndjson",
        "application/jsonl",
        "application/x-jsonl",
        "binary/octet-stream",
        "application/octet-stream",
        "application/vnd.amazon.eventstream",
        "application/x-protobuf",
        "application/x-subrip",
        "application/zip",
        "application/pdf",
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "image/avif");

    /// <summary>Whether a request header goes on to the provider.</summary>
    /// <param name="provider">The provider, whose entry of the catalogue may name more.</param>
    /// <param name="endpoint">The endpoint: each format has headers of its own.</param>
    /// <param name="isManaged">Whether the operator's key goes with it.</param>
    /// <param name="name">The header's name, any case.</param>
    public static bool IsForwarded(CatalogueProvider provider, ProviderEndpoint endpoint, bool isManaged, string name)
    {
        if (Forwarded.Contains(name) || Starts(name, "x-stainless-")) return true;
        if (Is(name, IdempotencyKey)) return !isManaged;
        if (Has(provider.Headers, name)) return true;
        if (Has(provider.AccountHeaders, name)) return !isManaged;

        // Reads have no format; what is sent to them is what their provider's conversations take.
        return endpoint.Format == WireFormat.Opaque ? IsOfAny(provider, name) : IsOf(endpoint.Format, name);
    }

    /// <summary>Whether a header may go on at all where the operator has named it (<c>Lava:Gateway:PassHeaders</c>).</summary>
    public static bool IsPassable(string name) => !Unpassable.Contains(name) && !CredentialCarriers.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a request header goes on with a body that was translated: what speaks of the client's own provider would only confuse
    /// another.</summary>
    public static bool IsForwardedTranslated(string name) => Is(name, "user-agent") || Is(name, "traceparent") || Is(name, "x-sandbox");

    /// <summary>Whether a header of the provider's answer goes back to the client. Browsers are no callers, so nothing allows them (rest-api.md §1.2), and
    /// nothing tells them what to do.</summary>
    /// <param name="isManaged">Whether the operator's key went with the call.</param>
    /// <param name="name">The header's name, any case.</param>
    public static bool IsReturned(bool isManaged, string name) =>
        Returned.Contains(name) || Starts(name, "x-ratelimit-") || Starts(name, "anthropic-ratelimit-") || (!isManaged && ReturnedForOwnKey.Contains(name));

    /// <summary>The media type under which an answer goes back: its own, or plain text for what a browser would take for a page or a script. A provider's page
    /// must not run on Lava's origin.</summary>
    public static string TypeOf(string type)
    {
        var media = type.AsSpan();
        var end = media.IndexOf(';');
        media = (end < 0 ? media : media[..end]).Trim();
        return PlainTypes.GetAlternateLookup<ReadOnlySpan<char>>().Contains(media)
            || media.StartsWith("audio/", StringComparison.OrdinalIgnoreCase)
            || media.StartsWith("video/", StringComparison.OrdinalIgnoreCase)
            || (media.StartsWith("application/", StringComparison.OrdinalIgnoreCase) && media.EndsWith("+json", StringComparison.OrdinalIgnoreCase))
                ? type
                : "text/plain; charset=utf-8";
    }

    /// <summary>The key of a per-key metadata header; null for any other header.</summary>
    public static string? MetadataKey(string name) =>
        name.Length > RequestMetadata.Header.Length + 1
        && name.StartsWith(RequestMetadata.Header, StringComparison.OrdinalIgnoreCase)
        && name[RequestMetadata.Header.Length] == '-'
            ? name[(RequestMetadata.Header.Length + 1)..]
            : null;

    private static bool IsOfAny(CatalogueProvider provider, string name)
    {
        foreach (var endpoint in provider.Endpoints)
        {
            if (IsOf(endpoint.Format, name)) return true;
        }

        return false;
    }

    private static bool IsOf(WireFormat format, string name) => format switch
    {
        WireFormat.Anthropic => Is(name, "anthropic-version") || Is(name, "anthropic-beta") || Is(name, "anthropic-dangerous-direct-browser-access"),
        WireFormat.Gemini => Is(name, "x-goog-api-client"),
        WireFormat.OpenAiChat or WireFormat.OpenAiResponses or WireFormat.OpenAiMedia => Is(name, "openai-beta"),
        _ => false,
    };

    private static bool Has(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (Is(name, names[i])) return true;
        }

        return false;
    }

    private static bool Is(string name, string expected) => name.Equals(expected, StringComparison.OrdinalIgnoreCase);

    private static bool Starts(string name, string prefix) => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
