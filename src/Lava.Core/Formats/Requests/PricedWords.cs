using Lava.Core.Catalogue;

namespace Lava.Core.Formats.Requests;

/// <summary>Values of members that cost what the catalogue says. Any other may cost more, or less than would be charged.</summary>
internal static class PricedWords
{
    /// <summary>Service tiers at list price: OpenAI's and Gemini's, Anthropic's, Groq's, Bedrock's. <c>auto</c> is what a request without the member gets
    /// too.</summary>
    public static bool IsTier(ReadOnlySpan<byte> tier) =>
        tier.SequenceEqual("auto"u8)
            || tier.SequenceEqual("default"u8)
            || tier.SequenceEqual("standard"u8)
            || tier.SequenceEqual("standard_only"u8)
            || tier.SequenceEqual("on_demand"u8);

    /// <summary>Tools that their caller carries out. The rest are carried out by the provider, who bills them, or the many tokens that they read,
    /// apart.</summary>
    public static bool IsOwnTool(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("function"u8) || type.SequenceEqual("custom"u8) || type.SequenceEqual("namespace"u8)
        || type.SequenceEqual("local_shell"u8) || type.SequenceEqual("apply_patch"u8)
        || type.StartsWith("computer"u8) || type.StartsWith("bash_"u8) || type.StartsWith("text_editor_"u8) || type.StartsWith("memory_"u8);

    /// <summary>The price of a tool that the provider runs, by its type, or by its member's name in Gemini's requests. Null: answers of the format do not
    /// tell how often it ran, or no price is known of it anywhere. None: it costs nothing but its tokens.</summary>
    public static HostedTools? HostedTool(WireFormat format, ReadOnlySpan<byte> name) => format switch
    {
        // It costs more on models that do not reason (platform.openai.com, Pricing).
        WireFormat.OpenAiResponses when name.StartsWith("web_search_preview"u8) => HostedTools.WebSearchPreview,
        WireFormat.OpenAiResponses when name.SequenceEqual("web_search"u8) || name.StartsWith("web_search_20"u8) => HostedTools.WebSearch,
        WireFormat.OpenAiResponses when name.SequenceEqual("x_search"u8) => HostedTools.XSearch,
        WireFormat.OpenAiResponses when name.SequenceEqual("file_search"u8) || name.SequenceEqual("collections_search"u8) => HostedTools.FileSearch,
        WireFormat.OpenAiResponses when name.SequenceEqual("code_interpreter"u8) || name.SequenceEqual("code_execution"u8) => HostedTools.CodeExecution,
        WireFormat.Anthropic when name.StartsWith("web_search_"u8) => HostedTools.WebSearch,
        WireFormat.Anthropic when name.StartsWith("code_execution_"u8) => HostedTools.CodeExecution,

        // platform.claude.com, Web fetch tool: no additional cost.
        WireFormat.Anthropic when name.StartsWith("web_fetch_"u8) => HostedTools.None,
        WireFormat.Gemini when name.SequenceEqual("googleSearch"u8) || name.SequenceEqual("google_search"u8) => HostedTools.WebSearch,
        _ => null,
    };

    /// <summary>Members of Gemini's and Bedrock's tools that are the caller's own.</summary>
    public static bool IsOwnToolMember(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("functionDeclarations"u8)
            || name.SequenceEqual("function_declarations"u8)
            || name.SequenceEqual("computerUse"u8)
            || name.SequenceEqual("computer_use"u8)
        || name.SequenceEqual("toolSpec"u8) || name.SequenceEqual("cachePoint"u8);

    /// <summary>Members of Bedrock's <c>additionalModelRequestFields</c> that would undo what Converse bounds or turn on what is billed apart.</summary>
    public static bool IsHiddenField(ReadOnlySpan<byte> name) =>
        name.StartsWith("max"u8) || name.SequenceEqual("tools"u8) || name.SequenceEqual("service_tier"u8) || name.SequenceEqual("speed"u8)
        || name.SequenceEqual("mcp_servers"u8) || name.SequenceEqual("n"u8);

    /// <summary>Sizes of images at the price of the smallest ones, and those that leave the size to the provider.</summary>
    public static bool IsPlainSize(ReadOnlySpan<byte> size) =>
        size.SequenceEqual("auto"u8) || size.SequenceEqual("1024x1024"u8) || size.SequenceEqual("512x512"u8) || size.SequenceEqual("256x256"u8);

    /// <summary>Qualities of images at the price of the plainest.</summary>
    public static bool IsPlainQuality(ReadOnlySpan<byte> quality) => quality.SequenceEqual("auto"u8) || quality.SequenceEqual("standard"u8);

    /// <summary>The pixels of a size such as <c>1024x1536</c>; 0 where it is none.</summary>
    public static long PixelsOf(ReadOnlySpan<byte> size)
    {
        var cross = size.IndexOf((byte)'x');
        return cross > 0
            && long.TryParse(size[..cross], out var width)
            && long.TryParse(size[(cross + 1)..], out var height)
            && width is > 0 and < 100_000
            && height is > 0 and < 100_000
            ? width * height
            : 0;
    }
}
