using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;

namespace Lava.Core.Translation.Conversations;

/// <summary>A request for an answer in the one form that every format is read into and written from (behaviour.md §3.3). JSON values belong to the document
/// that it was read from.</summary>
internal sealed record Conversation
{
    public string Model { get; init; } = "";

    /// <summary>The system prompt: texts, in order.</summary>
    public IReadOnlyList<TextPart> System { get; init; } = [];

    public IReadOnlyList<Turn> Turns { get; init; } = [];

    public IReadOnlyList<Tool> Tools { get; init; } = [];

    public ToolChoice ToolChoice { get; init; }

    /// <summary>Whether the model may call several tools at once; null where the client does not say.</summary>
    public bool? ParallelTools { get; init; }

    /// <summary>Most tokens of the answer, reasoning included.</summary>
    public long? MaxTokens { get; init; }

    public IReadOnlyList<string> Stop { get; init; } = [];

    public double? Temperature { get; init; }

    public double? TopP { get; init; }

    public long? TopK { get; init; }

    public double? FrequencyPenalty { get; init; }

    public double? PresencePenalty { get; init; }

    public long? Seed { get; init; }

    /// <summary>What the text of the answer must be; null for anything.</summary>
    public OutputShape? Output { get; init; }

    /// <summary>How much to think first; null where the client does not say.</summary>
    public Reasoning? Reasoning { get; init; }

    /// <summary>How the provider is asked to think, within what its model takes.</summary>
    public ReasoningPlan Plan { get; init; }

    /// <summary>Whether the provider wants earlier thoughts back with the calls that they led to.</summary>
    public bool ReturnsThoughts { get; init; }

    /// <summary>The client's tag for its end user.</summary>
    public string? User { get; init; }

    public bool Stream { get; init; }

    /// <summary>Whether the client lets its answer be kept, so that later requests may refer to it: Responses do unless <c>store</c> is false.</summary>
    public bool Store { get; init; }

    /// <summary>Whether an OpenAI client asked for the stream's usage chunk; the other formats always have one.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>Whether the client reads calls of custom tools as calls of functions, with the text as it is in the place of arguments: Cursor does.</summary>
    public bool CustomAsFunctions { get; init; }
}
