namespace Lava.Core.Translation;

/// <summary>What an answer to the client says that the provider does not know.</summary>
internal sealed record ReplyFrame
{
    /// <summary>The model as the client asked for it.</summary>
    public required string Model { get; init; }

    /// <summary>The answer's id where the provider gives none, or where the answer is kept.</summary>
    public required string AnswerId { get; init; }

    /// <summary>Whether the answer is kept under its id, so that later requests may refer to it.</summary>
    public bool IsKept { get; init; }

    /// <summary>The earlier response that was continued; null for none.</summary>
    public string? PreviousResponse { get; init; }

    /// <summary>When the call began, Unix seconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Whether an OpenAI client asked for the usage chunk.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>Whether an OpenAI client reads calls of custom tools as calls of functions.</summary>
    public bool CustomAsFunctions { get; init; }

    /// <summary>Whether a Gemini client reads its stream as one JSON array, for want of <c>alt=sse</c>.</summary>
    public bool AsArray { get; init; }
}
