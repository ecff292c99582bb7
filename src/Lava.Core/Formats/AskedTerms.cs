using Lava.Core.Catalogue;
using Lava.Core.Pricing;

namespace Lava.Core.Formats;

/// <summary>What a request asks for that may change its price, in the words of <see cref="PriceRule"/>. The provider may serve it on other terms, and then
/// says so.</summary>
public readonly record struct AskedTerms
{
    /// <summary>Calls of tools that are reckoned with where the request does not limit them: Anthropic ends a turn after as many
    /// (platform.claude.com, Server tools).</summary>
    public const int DefaultToolCalls = 10;

    /// <summary>Calls of tools beyond which a report is not believed where the request does not limit them.</summary>
    public const int MostToolCalls = 100;

    /// <summary>The service tier; null for the ordinary one.</summary>
    public string? Tier { get; init; }

    /// <summary>The speed; null for the ordinary one.</summary>
    public string? Speed { get; init; }

    /// <summary>The region of inference; null for any.</summary>
    public string? Geo { get; init; }

    /// <summary>The provider's tools that it may use.</summary>
    public HostedTools Tools { get; init; }

    /// <summary>Most calls of those tools; null where the request does not say.</summary>
    public long? ToolCallLimit { get; init; }

    /// <summary>Whether nothing is asked for.</summary>
    public bool IsOrdinary => Tier is null && Speed is null && Geo is null && Tools == HostedTools.None;

    /// <summary>The first of them that has no price; null where all have one.</summary>
    /// <param name="price">The model's price; null where none is known.</param>
    /// <param name="format">The request's format, whose names the fault has.</param>
    public RequestFault? FindUnpriced(ModelPrice? price, WireFormat format)
    {
        if (IsOrdinary) return null;
        if (Tier is { } tier && !Knows(price, rule => rule.Tier == tier))
        {
            var member = format is WireFormat.BedrockConverse or WireFormat.Gemini ? "serviceTier" : "service_tier";
            return new RequestFault(member, $"The service tier {tier} has no price here for this model.");
        }

        if (Speed is { } speed && !Knows(price, rule => rule.Speed == speed))
        {
            return format == WireFormat.BedrockConverse
                ? new RequestFault("performanceConfig", "Latencies other than the standard one have no price here for this model.")
                : new RequestFault("speed", $"The speed {speed} has no price here for this model.");
        }

        if (Geo is { } geo && !Knows(price, rule => rule.Geo == geo))
            return new RequestFault("inference_geo", $"Inference in the region {geo} has no price here for this model.");
        var tools = price?.Tools;
        var unpriced = Tools.HasFlag(HostedTools.WebSearch) && (tools?.WebSearch ?? tools?.GroundedAnswer) is null ? "web search"
            : Tools.HasFlag(HostedTools.WebSearchPreview) && tools?.WebSearchPreview is null ? "web search (preview)"
            : Tools.HasFlag(HostedTools.XSearch) && tools?.XSearch is null ? "search of X"
            : Tools.HasFlag(HostedTools.FileSearch) && tools?.FileSearch is null ? "file search"
            : Tools.HasFlag(HostedTools.CodeExecution) && tools?.CodeExecution is null ? "code execution"
            : null;
        return unpriced is null ? null : new RequestFault("tools", $"The provider's {unpriced} is billed separately and has no price here for this model.");
    }

    /// <summary>So many calls of each tool that is asked for. A grounded answer is one, whatever it searches.</summary>
    internal ToolCalls Calls(long count) => Tools == HostedTools.None
        ? default
        : new ToolCalls
        {
            WebSearches = Tools.HasFlag(HostedTools.WebSearch) ? count : 0,
            GroundedAnswers = Tools.HasFlag(HostedTools.WebSearch) ? 1 : 0,
            PreviewSearches = Tools.HasFlag(HostedTools.WebSearchPreview) ? count : 0,
            XSearches = Tools.HasFlag(HostedTools.XSearch) ? count : 0,
            FileSearches = Tools.HasFlag(HostedTools.FileSearch) ? count : 0,
            CodeExecutions = Tools.HasFlag(HostedTools.CodeExecution) ? count : 0,
        };

    private static bool Knows(ModelPrice? price, Func<PriceRule, bool> isOf)
    {
        for (var i = 0; i < price?.When.Count; i++)
        {
            if (isOf(price.When[i])) return true;
        }

        return false;
    }
}
