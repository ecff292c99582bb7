namespace Lava.Core.Translation.Conversations;

/// <summary>How a provider is asked to reason.</summary>
internal enum ReasoningWay
{
    /// <summary>Not at all: the model does as it does by default.</summary>
    Unsaid,

    /// <summary>It is told not to.</summary>
    Off,

    /// <summary>It is told to write notes between calls of tools only (Claude).</summary>
    BetweenTools,

    /// <summary>As much as it finds right, steered by an effort (Claude).</summary>
    Adaptive,

    /// <summary>By a budget of tokens.</summary>
    Budget,

    /// <summary>By an effort in the provider's words.</summary>
    Effort,
}
