using Lava.Core.Catalogue;

namespace Lava.Core.Gateway;

/// <summary>Where a call to <c>/v1/rewrite/{format}/{url}</c> is to go, and what its client has appended to the address (behaviour.md §3.1).</summary>
/// <param name="Client">The format that the client speaks.</param>
/// <param name="Target">The provider's address with what the client appended.</param>
public sealed record RewriteTarget(WireFormat Client, ForwardTarget Target)
{
    /// <summary>What the path of every such call starts with.</summary>
    public const string Prefix = "/v1/rewrite/";

    private static readonly string[] Versions = ["/v1beta/models/", "/v1/models/", "/models/"];

    /// <summary>Reads the target of a request; null when it names no format or no https address.</summary>
    /// <param name="rawTarget">The request target as it came on the wire.</param>
    public static RewriteTarget? Parse(string rawTarget)
    {
        if (!rawTarget.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return null;
        var rest = rawTarget.AsSpan(Prefix.Length);
        var slash = rest.IndexOf('/');
        if (slash < 0 || FormatOf(rest[..slash]) is not { } client) return null;
        return ForwardTarget.Parse($"{ForwardTarget.Prefix}/{rest[(slash + 1)..]}") is { } target ? new RewriteTarget(client, target) : null;
    }

    /// <summary>The readings of the address, likeliest first: without what the client's SDK appends to its base address, and as it is.</summary>
    public IEnumerable<RewriteReading> Readings()
    {
        var path = Target.Url.AbsolutePath;
        foreach (var (tail, format, kind) in Tails(Client))
        {
            if (path.Length > tail.Length && path.EndsWith(tail, StringComparison.Ordinal))
                yield return new RewriteReading(Bare(path[..^tail.Length]), format, kind, null, null);
        }

        if (Client == WireFormat.Gemini && ReadGemini(path) is { } gemini) yield return gemini;
        if (Client == WireFormat.BedrockConverse && ReadBedrock(path) is { } bedrock) yield return bedrock;
        yield return new RewriteReading(Target.Url, Client, EndpointKind.Chat, null, null, IsBare: true);
    }

    private static (string Tail, WireFormat Format, EndpointKind Kind)[] Tails(WireFormat client) => client switch
    {
        WireFormat.OpenAiChat =>
        [
            ("/v1/chat/completions", WireFormat.OpenAiChat, EndpointKind.Chat), ("/chat/completions", WireFormat.OpenAiChat, EndpointKind.Chat),
            ("/v1/responses", WireFormat.OpenAiResponses, EndpointKind.Chat), ("/responses", WireFormat.OpenAiResponses, EndpointKind.Chat),
            ("/v1/models", WireFormat.OpenAiChat, EndpointKind.Metadata), ("/models", WireFormat.OpenAiChat, EndpointKind.Metadata),
        ],
        WireFormat.Anthropic =>
        [
            ("/v1/messages/count_tokens", WireFormat.Anthropic, EndpointKind.CountTokens),
            ("/messages/count_tokens", WireFormat.Anthropic, EndpointKind.CountTokens),
            ("/v1/messages", WireFormat.Anthropic, EndpointKind.Chat), ("/messages", WireFormat.Anthropic, EndpointKind.Chat),
            ("/v1/models", WireFormat.Anthropic, EndpointKind.Metadata),
        ],
        _ => [],
    };

    private RewriteReading? ReadGemini(string path)
    {
        foreach (var version in Versions)
        {
            var at = path.LastIndexOf(version, StringComparison.Ordinal);
            if (at <= 0) continue;
            var name = path[(at + version.Length)..];
            var colon = name.LastIndexOf(':');
            if (colon <= 0) continue;
            var model = Uri.UnescapeDataString(name[..colon]);
            switch (name[(colon + 1)..])
            {
                case "generateContent": return new RewriteReading(Bare(path[..at]), WireFormat.Gemini, EndpointKind.Chat, model, false);
                case "streamGenerateContent": return new RewriteReading(Bare(path[..at]), WireFormat.Gemini, EndpointKind.Chat, model, true);
            }
        }

        return null;
    }

    private RewriteReading? ReadBedrock(string path)
    {
        var streams = path.EndsWith("/converse-stream", StringComparison.Ordinal);
        if (!streams && !path.EndsWith("/converse", StringComparison.Ordinal)) return null;
        var end = path.LastIndexOf('/');
        var at = path.LastIndexOf("/model/", StringComparison.Ordinal);
        return at <= 0 || at + 7 >= end
            ? null
            : new RewriteReading(Bare(path[..at]), WireFormat.BedrockConverse, EndpointKind.Chat, Uri.UnescapeDataString(path[(at + 7)..end]), streams);
    }

    // The query that comes with an appended path is the client's, not the provider's.
    private Uri Bare(string path) => new(Target.Url.GetLeftPart(UriPartial.Authority) + path);

    private static WireFormat? FormatOf(ReadOnlySpan<char> word) => word switch
    {
        "openai" => WireFormat.OpenAiChat,
        "anthropic" => WireFormat.Anthropic,
        "google" => WireFormat.Gemini,
        "bedrock" => WireFormat.BedrockConverse,
        _ => null,
    };
}
