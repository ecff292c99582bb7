namespace Lava.Core.Translation.Conversations;

/// <summary>How a provider is asked to reason, within what its model takes.</summary>
/// <param name="Way">In which way.</param>
/// <param name="Effort">The word for how much; null where none is said.</param>
/// <param name="Budget">Tokens, for <see cref="ReasoningWay.Budget"/>; else 0.</param>
internal readonly record struct ReasoningPlan(ReasoningWay Way, string? Effort = null, long Budget = 0)
{
    /// <summary>Whether a model that hides its thoughts is told to show them.</summary>
    public bool Shows { get; init; }

    /// <summary>Whether the request switches reasoning on.</summary>
    public bool IsOn => Way is ReasoningWay.Adaptive or ReasoningWay.Budget || (Way == ReasoningWay.Effort && Effort != "none");
}
