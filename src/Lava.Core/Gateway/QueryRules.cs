using Lava.Core.Catalogue;

namespace Lava.Core.Gateway;

/// <summary>Which query parameters go on to a provider: those that are known to change nothing of what an answer reports. Google alone has a dozen that cut the
/// usage out of it or change its form (<c>fields</c>, <c>alt</c>, <c>callback</c>), each under two names.</summary>
public static class QueryRules
{
    private static readonly string[] Lists =
    [
        "after",
        "after_id",
        "before",
        "before_id",
        "category",
        "collection_id",
        "fine_tuning_state",
        "include_total_count",
        "limit",
        "next_page_token",
        "order",
        "page",
        "page_size",
        "page_token", "pageSize", "pageToken", "purpose",
        "search", "show_legacy", "sort", "sort_direction", "supported_parameters", "type", "voice_ids", "voice_type",
    ];

    /// <summary>The first parameter that does not go on; null where all do. Services at a flat price take any: nothing is read of their answers.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="query">The query as it stands in the address, with its question mark; empty for none.</param>
    public static string? FindUnknown(ProviderEndpoint endpoint, string query)
    {
        if (query.Length <= 1 || endpoint.Kind == EndpointKind.Api) return null;
        foreach (var parameter in query[1..].Split('&', ';'))
        {
            if (parameter.Length == 0) continue;
            var at = parameter.IndexOf('=', StringComparison.Ordinal);
            var name = Decoded(at < 0 ? parameter : parameter[..at]);
            if (!IsKnown(endpoint, name, at < 0 ? "" : Decoded(parameter[(at + 1)..]))) return name;
        }

        return null;
    }

    private static bool IsKnown(ProviderEndpoint endpoint, string name, string value)
    {
        if (endpoint.Query?.Contains(name) == true) return true;
        var isRead = endpoint.Kind == EndpointKind.Metadata || endpoint.Kind.IsOfAccount();
        if (name == "beta") return endpoint.Format == WireFormat.Anthropic || isRead;
        if (isRead) return Lists.Contains(name);
        return endpoint.Format switch
        {
            WireFormat.Gemini => name == "alt" && value is ("sse" or "json"),
            WireFormat.ElevenLabs => name is "output_format" or "optimize_streaming_latency" or "enable_logging",
            _ => false,
        };
    }

    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
