using Lava.Core.Catalogue;

namespace Lava.Service.Sandbox.Dialects;

/// <summary>Finds the dialect of a call.</summary>
internal static class SandboxDialects
{
    /// <summary>By the format, and for an endpoint without one by the host: OpenAI's unless the host is known to speak another.</summary>
    public static SandboxDialect Of(WireFormat format, Uri url) => format switch
    {
        WireFormat.Anthropic when IsAt(url, "amazonaws.com") => SandboxDialect.Bedrock,
        WireFormat.Anthropic => SandboxDialect.Anthropic,
        WireFormat.Gemini => SandboxDialect.Gemini,
        WireFormat.BedrockConverse => SandboxDialect.Bedrock,
        WireFormat.ElevenLabs => SandboxDialect.ElevenLabs,
        WireFormat.Rerank when IsAt(url, "voyageai.com") => SandboxDialect.Voyage,
        WireFormat.Rerank when IsAt(url, "jina.ai") => SandboxDialect.Jina,
        WireFormat.Rerank => SandboxDialect.Cohere,
        WireFormat.Opaque when IsAt(url, "anthropic.com") => SandboxDialect.Anthropic,
        WireFormat.Opaque when IsAt(url, "googleapis.com") && !url.AbsolutePath.Contains("/openai/", StringComparison.Ordinal) => SandboxDialect.Gemini,
        WireFormat.Opaque when IsAt(url, "amazonaws.com") => SandboxDialect.Bedrock,
        WireFormat.Opaque when IsAt(url, "elevenlabs.io") => SandboxDialect.ElevenLabs,
        _ => SandboxDialect.OpenAi,
    };

    private static bool IsAt(Uri url, string domain) => url.Host.EndsWith(domain, StringComparison.OrdinalIgnoreCase);
}
