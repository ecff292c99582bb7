using Lava.Core.Catalogue.Profiles;

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

    /// <summary>What a model of the provider's takes, null where that is not known; then what its name tells of its family counts.</summary>
    public Func<string, ModelProfile?>? ProfileOf { get; init; }

    /// <summary>An id for the answer where the provider gives none: letters and digits, without a prefix.</summary>
    public required string AnswerId { get; init; }

    /// <summary>The answer's id where it is kept, if the client lets it (<see cref="Responses.ResponsesReferences"/>); null where none is kept.</summary>
    public string? KeptId { get; init; }

    /// <summary>The earlier response that the request continued, which the answer names; null for none.</summary>
    public string? PreviousResponse { get; init; }

    /// <summary>When the call began; OpenAI's answers say so.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
