namespace Lava.Core.Catalogue.Profiles;

/// <summary>Whether and how a model's reasoning can be switched off, beside the effort <c>none</c>.</summary>
public enum ReasoningOff
{
    /// <summary>It always reasons.</summary>
    No,

    /// <summary>By <c>thinking: disabled</c> (Claude) or a budget of 0 (Gemini).</summary>
    Yes,

    /// <summary>By <c>thinking: between_tools</c> (Claude Sonnet 5.5), which leaves short notes between calls of tools.</summary>
    BetweenTools,
}
