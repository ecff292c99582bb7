using Lava.Core.Catalogue;
using Lava.Core.Metering;

namespace Lava.Core.Formats;

/// <summary>The most that a call can use, for its reservation (design.md, step 3). For text it is a true bound: no tokenizer makes more tokens than bytes. For media it is a
/// generous one: what they cost is the provider's to count, and for what the body only refers to the model's context is the bound.</summary>
public static class UsageEstimate
{
    /// <summary>Answer tokens assumed where neither request nor catalogue bounds them.</summary>
    public const long DefaultOutputTokens = 16_384;

    /// <summary>Tokens allowed for an image, document or clip, besides its size. The tilings of large images stay below, but for small models that count them many times over.</summary>
    public const long TokensPerMediaPart = 20_000;

    /// <summary>Base64 characters of a document or clip for one more token: compressed text has about so many, pictures, audio and video far more.</summary>
    public const long BytesPerMediaToken = 4;

    /// <summary>Prompt tokens where the body does not hold the whole prompt and the model names no context.</summary>
    public const long UnseenTokens = 200_000;

    /// <summary>Answer tokens that no request gets, whatever it asks for.</summary>
    private const long MostOutputTokens = 10_000_000;

    /// <summary>Fixed wrapping of a prompt that providers add (roles, tool preambles).</summary>
    private const long WrappingTokens = 1_000;

    /// <summary>The least bytes that a second of compressed speech takes (8 kbit/s).</summary>
    private const long BytesPerSecond = 1_000;

    /// <summary>The most that a call can use.</summary>
    /// <param name="facts">The request.</param>
    /// <param name="model">Its model; null where none prices it.</param>
    /// <param name="kind">What is called.</param>
    public static Usage Most(RequestFacts facts, CatalogueModel? model, EndpointKind kind)
    {
        var input = facts.PromptBytes + WrappingTokens + (facts.MediaParts * TokensPerMediaPart) + (facts.MediaBytes / BytesPerMediaToken);
        if (facts.HasUnseenInput) input = Math.Max(input, model?.ContextTokens ?? UnseenTokens);
        if (model?.ContextTokens is { } context) input = Math.Min(input, context);
        var output = Math.Min(facts.MaxOutputTokens ?? model?.MaxOutputTokens ?? DefaultOutputTokens, model?.MaxOutputTokens ?? MostOutputTokens) * facts.Choices;
        var seconds = facts.AudioSeconds ?? (decimal)facts.MediaBytes / BytesPerSecond;
        return kind switch
        {
            EndpointKind.Chat => new Usage { InputTokens = input, OutputTokens = output },
            EndpointKind.Embeddings => new Usage { InputTokens = input },

            // Audio that is billed by tokens makes at most some fifty for each character or second.
            EndpointKind.Speech => new Usage { InputTokens = input, InputCharacters = facts.Characters, OutputTokens = facts.Characters * 20 },
            EndpointKind.Transcription => new Usage
            {
                InputSeconds = seconds,
                InputTokens = (long)(seconds * 15) + facts.PromptBytes,
                OutputTokens = (long)(seconds * 10) + 100,
            },
            EndpointKind.Images => new Usage { Images = facts.Choices, InputTokens = input, OutputTokens = facts.Choices * 7_000 },
            _ => default,
        };
    }
}
