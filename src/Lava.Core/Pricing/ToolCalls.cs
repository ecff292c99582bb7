namespace Lava.Core.Pricing;

/// <summary>How often tools ran that the provider carries out and bills by the call.</summary>
public readonly record struct ToolCalls
{
    /// <summary>Searches of the web; Gemini: queries.</summary>
    public long WebSearches { get; init; }

    /// <summary>Searches of the web by a tool with another price (OpenAI's <c>web_search_preview</c>).</summary>
    public long PreviewSearches { get; init; }

    /// <summary>Searches of X (xAI).</summary>
    public long XSearches { get; init; }

    /// <summary>Searches of uploaded files.</summary>
    public long FileSearches { get; init; }

    /// <summary>Runs of code, or containers opened for it.</summary>
    public long CodeExecutions { get; init; }

    /// <summary>Answers grounded in searches (Gemini): 1 or 0 for a call.</summary>
    public long GroundedAnswers { get; init; }

    /// <summary>Calls of others, and work of other models within the answer, for which no price can be known here.</summary>
    public long Others { get; init; }

    /// <summary>Of each count the larger one.</summary>
    internal static ToolCalls Larger(in ToolCalls one, in ToolCalls other) => new()
    {
        WebSearches = Math.Max(one.WebSearches, other.WebSearches),
        PreviewSearches = Math.Max(one.PreviewSearches, other.PreviewSearches),
        XSearches = Math.Max(one.XSearches, other.XSearches),
        FileSearches = Math.Max(one.FileSearches, other.FileSearches),
        CodeExecutions = Math.Max(one.CodeExecutions, other.CodeExecutions),
        GroundedAnswers = Math.Max(one.GroundedAnswers, other.GroundedAnswers),
        Others = Math.Max(one.Others, other.Others),
    };
}
