using Microsoft.AspNetCore.Http;

namespace Lava.Service.Api;

/// <summary>Where clients of providers call. Their parsers look for more members in an error than the management API's envelope has, and their base
/// addresses are set by hand.</summary>
internal static class GatewayPaths
{
    /// <summary>Where Google's clients call. They read Google's errors alone.</summary>
    public const string Google = "/v1beta";

    private static readonly string[] Prefixes =
    [
        "/v1/forward", "/v1/rewrite", "/v1/chat", "/v1/completions", "/v1/messages", "/v1/responses", "/v1/embeddings", "/v1/moderations", "/v1/rerank",
        "/v1/images", "/v1/audio", "/v1/models", "/v1/realtime", Google,
    ];

    /// <summary>Whether a path is one of the gateway's.</summary>
    public static bool Contains(PathString path) => Prefixes.Any(prefix => path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase));
}
