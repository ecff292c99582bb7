using Lava.Core.Pricing;
using Lava.Core.Translation.Conversations.Parts;

namespace Lava.Core.Translation.Conversations;

/// <summary>A whole answer.</summary>
internal sealed record Answer
{
    /// <summary>The provider's id; null where it gives none.</summary>
    public string? Id { get; init; }

    /// <summary>The model that the provider says it used; null where it says none.</summary>
    public string? Model { get; init; }

    /// <summary>Texts, thoughts, tool calls.</summary>
    public IReadOnlyList<Part> Parts { get; init; } = [];

    public FinishReason Finish { get; init; }

    /// <summary>The stop sequence that it came to; null where it is not told.</summary>
    public string? StopSequence { get; init; }

    /// <summary>Null where the provider reports none.</summary>
    public Usage? Usage { get; init; }
}
