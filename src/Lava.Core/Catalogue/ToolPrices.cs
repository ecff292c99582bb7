namespace Lava.Core.Catalogue;

/// <summary>What a provider charges for tools that it runs itself, US dollars per 1,000 calls. Null: no price is known; 0: free.</summary>
public sealed record ToolPrices
{
    /// <summary>Searches of the web; Gemini: each query.</summary>
    public decimal? WebSearch { get; init; }

    /// <summary>Searches of the web by <c>web_search_preview</c> (OpenAI).</summary>
    public decimal? WebSearchPreview { get; init; }

    /// <summary>Searches of X (xAI).</summary>
    public decimal? XSearch { get; init; }

    /// <summary>Searches of uploaded files.</summary>
    public decimal? FileSearch { get; init; }

    /// <summary>Runs of code, or the containers in which it runs.</summary>
    public decimal? CodeExecution { get; init; }

    /// <summary>Answers grounded in a search, whatever the number of queries (Gemini 2).</summary>
    public decimal? GroundedAnswer { get; init; }
}
