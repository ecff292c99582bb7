namespace Lava.Core.Translation;

/// <summary>What a translation needs that is not in the request's body.</summary>
public sealed record TranslationOptions
{
    /// <summary>The model to ask for instead of the client's (a fallback's, a routed name's); null for the client's own.</summary>
    public string? Model { get; init; }

    /// <summary>The model in the client's path, for the formats that have it there (Gemini, Bedrock); null for none.</summary>
    public string? PathModel { get; init; }

    /// <summary>Whether the client's path asks for a stream (<c>:streamGenerateContent</c>, <c>converse-stream</c>); the other formats say so in the
    /// body.</summary>
    public bool PathStreams { get; init; }

    /// <summary>Whether a Gemini client asked for its stream with <c>alt=sse</c>; without, it gets one JSON array.</summary>
    public bool AsEvents { get; init; }

    /// <summary>Whether the provider has OpenAI's custom tools; where not, they become functions.</summary>
    public bool HasCustomTools { get; init; }

    /// <summary>The most tokens that a model of the provider's can answer, null where that is not known: agents ask for what their usual model can, and others
    /// would refuse that.</summary>
    public Func<string, long?>? MaxOutputTokensOf { get; init; }

    /// <summary>An id for the answer where the provider gives none: letters and digits, without a prefix.</summary>
    public required string AnswerId { get; init; }

    /// <summary>When the call began; OpenAI's answers say so.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
