using Lava.Core.Catalogue;
using Lava.Core.Pricing;

namespace Lava.Core.Formats;

/// <summary>What a call can use, before it is known: the most, for its reservation and as a bound of what a provider may report, and a likely amount where a
/// provider reports nothing.</summary>
public static class UsageEstimate
{
    /// <summary>Answer tokens assumed where neither request nor catalogue bounds them.</summary>
    public const long DefaultOutputTokens = 16_384;

    /// <summary>Tokens allowed for an image, document or clip, besides its size. The tilings of large images stay below, but for small models that count them
    /// many times over.</summary>
    public const long TokensPerMediaPart = 20_000;

    /// <summary>Base64 characters of a document or clip for one more token: compressed text has about so many, pictures, audio and video far more.</summary>
    public const long BytesPerMediaToken = 4;

    /// <summary>Prompt tokens where the body does not hold the whole prompt and the model names no context.</summary>
    public const long UnseenTokens = 200_000;

    /// <summary>Tokens that a search of the web or of files adds to a prompt, at the most as a rule: 20 pieces of 800 tokens (platform.openai.com, File
    /// search), ten excerpts of pages.</summary>
    private const long TokensPerFinding = 20_000;

    /// <summary>Answer tokens that no request gets, whatever it asks for.</summary>
    private const long MostOutputTokens = 10_000_000;

    /// <summary>Fixed wrapping of a prompt that providers add (roles, tool preambles).</summary>
    private const long WrappingTokens = 1_000;

    /// <summary>The least bytes that a second of compressed speech takes (8 kbit/s).</summary>
    private const long BytesPerSecond = 1_000;

    /// <summary>Longest recording behind an address, seconds (ElevenLabs takes ten hours).</summary>
    private const long MostUnseenSeconds = 36_000;

    /// <summary>Audio tokens of a spoken character at the most: slow speech has some twenty a second.</summary>
    private const long MostTokensPerCharacter = 20;

    /// <summary>Tokens of an image of <see cref="PlainPixels"/> at the highest quality.</summary>
    private const long TokensPerImage = 7_000;

    /// <summary>Pixels of an image of 1024x1536.</summary>
    private const long PlainPixels = 1_572_864;

    /// <summary>Documents of a search (cohere.com/pricing).</summary>
    private const long DocumentsPerSearch = 100;

    /// <summary>The least bytes of a document that count as another one.</summary>
    private const long BytesPerPiece = 250;

    /// <summary>Bytes of text for a token, roughly.</summary>
    private const long BytesPerTextToken = 4;

    /// <summary>Tokens of an image in a prompt, roughly: about a megapixel.</summary>
    private const long LikelyTokensPerMediaPart = 1_500;

    /// <summary>Audio tokens of a spoken character, roughly: fifteen characters and twenty tokens a second.</summary>
    private const decimal LikelyTokensPerCharacter = 1.5m;

    /// <summary>Audio tokens of a recorded second (platform.openai.com/docs/guides/audio).</summary>
    private const long AudioTokensPerSecond = 10;

    /// <summary>The most that a call can use. For text it is a true bound: no tokenizer makes more tokens than bytes. For media it is a generous one: what they
    /// cost is the provider's to count (<see cref="Possible"/>), and for what the body only refers to the model's context is the bound.</summary>
    /// <param name="facts">The request.</param>
    /// <param name="model">Its model; null where none prices it.</param>
    /// <param name="endpoint">What is called.</param>
    public static Usage Most(RequestFacts facts, CatalogueModel? model, ProviderEndpoint endpoint)
    {
        var input = facts.PromptBytes + WrappingTokens + (facts.MediaParts * TokensPerMediaPart) + (facts.MediaBytes / BytesPerMediaToken);
        if (facts.HasUnseenInput && !facts.HasOnlyFindingsUnseen) input = Math.Max(input, model?.ContextTokens ?? UnseenTokens);

        // A query is read again with each document (docs.voyageai.com/docs/faq).
        if (endpoint.Kind == EndpointKind.Rerank) input += facts.QueryBytes * facts.Documents;

        // Of a batch each text has a context of its own.
        if (!IsBatch(endpoint.Kind) && model?.ContextTokens is { } context) input = Math.Min(input, context);
        var most = endpoint.Kind switch
        {
            EndpointKind.Chat => MostOfChat(facts, model, endpoint, input),
            EndpointKind.Completion => new Usage { InputTokens = input, OutputTokens = MostOutput(facts, model, endpoint) },
            EndpointKind.Embeddings or EndpointKind.Moderation => new Usage { InputTokens = input },
            EndpointKind.Rerank => new Usage { InputTokens = input, SearchUnits = MostSearches(facts) },
            EndpointKind.Speech =>
                new Usage { InputTokens = input, InputCharacters = facts.Characters, OutputTokens = facts.Characters * MostTokensPerCharacter },
            EndpointKind.Transcription => MostOfRecording(facts),
            EndpointKind.Images => new Usage { Images = facts.Choices, InputTokens = input, OutputTokens = facts.Choices * MostOfImage(facts.ImagePixels) },
            _ => default,
        };
        return facts.Terms.IsOrdinary ? most : most with { Tier = facts.Terms.Tier, Speed = facts.Terms.Speed, Geo = facts.Terms.Geo };
    }

    /// <summary>What a provider can truly have counted: more than <see cref="Most"/> only where a prompt has media, whose tokens nobody but the provider
    /// knows.</summary>
    /// <param name="most">The call's <see cref="Most"/>.</param>
    /// <param name="facts">The request.</param>
    /// <param name="model">Its model; null where none prices it.</param>
    /// <param name="endpoint">What is called.</param>
    public static Usage Possible(in Usage most, RequestFacts facts, CatalogueModel? model, ProviderEndpoint endpoint)
    {
        // Each call of a tool is followed by another round, with a prompt of up to the context.
        if (facts.HasHostedTools && endpoint.Kind == EndpointKind.Chat)
        {
            var rounds = 1 + Math.Min(facts.Terms.ToolCallLimit ?? AskedTerms.MostToolCalls, AskedTerms.MostToolCalls);
            return most with { InputTokens = Math.Max(most.InputTokens, rounds * (model?.ContextTokens ?? most.LongestPromptTokens + UnseenTokens)) };
        }

        return facts.MediaParts > 0 && endpoint.Kind is EndpointKind.Chat or EndpointKind.Embeddings or EndpointKind.Images or EndpointKind.Moderation
            ? most with { InputTokens = Math.Max(most.InputTokens, model?.ContextTokens ?? most.InputTokens + UnseenTokens) }
            : most;
    }

    /// <summary>A likely usage of a call whose provider reported none: the prompt counted, the answer as it was seen. What cannot be known so is taken at its
    /// most.</summary>
    /// <param name="most">The call's <see cref="Most"/>, which is never exceeded.</param>
    /// <param name="facts">The request.</param>
    /// <param name="endpoint">What is called.</param>
    /// <param name="seen">What was seen of the answer.</param>
    public static Usage Likely(in Usage most, RequestFacts facts, ProviderEndpoint endpoint, in AnswerSeen seen)
    {
        var text = (facts.PromptBytes + BytesPerTextToken - 1) / BytesPerTextToken;
        var input = facts.HasUnseenInput && !facts.HasOnlyFindingsUnseen
            ? most.InputTokens
            : Math.Min(most.InputTokens, text + (facts.MediaParts * LikelyTokensPerMediaPart) + (facts.MediaBytes / BytesPerMediaToken));
        switch (endpoint.Kind)
        {
            case EndpointKind.Chat:
                return new Usage
                {
                    InputTokens = facts.HasHostedTools ? Math.Min(most.InputTokens, input + TokensPerFinding) : input,
                    OutputTokens = Math.Min(most.OutputTokens, seen.Tokens),
                    Tools = facts.Terms.Calls(1),
                };
            case EndpointKind.Completion:
                return new Usage { InputTokens = input, OutputTokens = Math.Min(most.OutputTokens, seen.Tokens) };
            case EndpointKind.Embeddings or EndpointKind.Moderation:
                return new Usage { InputTokens = input };
            case EndpointKind.Rerank:
                var compared = input + (facts.QueryBytes * facts.Documents / BytesPerTextToken);
                return new Usage { InputTokens = Math.Min(most.InputTokens, compared), SearchUnits = Searches(facts.Documents) };
            case EndpointKind.Speech:
                var spoken = Math.Min(most.OutputTokens, (long)Math.Ceiling(facts.Characters * LikelyTokensPerCharacter));
                return new Usage { InputTokens = input, InputCharacters = facts.Characters, OutputTokens = spoken, AudioOutputTokens = spoken };
            case EndpointKind.Transcription:
                var seconds = facts.AudioSeconds ?? most.InputSeconds;
                var heard = Math.Min(most.InputTokens, (long)Math.Ceiling(seconds * AudioTokensPerSecond));
                return new Usage
                {
                    InputSeconds = seconds,
                    InputTokens = heard,
                    AudioInputTokens = heard,
                    OutputTokens = Math.Min(most.OutputTokens, seen.Tokens),
                };
            default:
                return most;
        }
    }

    /// <summary>The most of an answer. The limits count by the names that the host reads; a host that reads several is taken to follow the largest.</summary>
    private static long MostOutput(RequestFacts facts, CatalogueModel? model, ProviderEndpoint endpoint)
    {
        var asked = facts.MaxOutputTokens;
        if (endpoint is { Format: WireFormat.OpenAiChat, OutputLimits: { } names })
        {
            asked = names.Contains("max_tokens") ? asked : null;
            if (names.Contains("max_completion_tokens") && facts.MaxCompletionTokens is { } completion) asked = Math.Max(completion, asked ?? 0);
        }

        // A model that names no bound of its answers ends them with its context.
        var bound = model?.MaxOutputTokens ?? model?.ContextTokens;
        return Math.Min(asked ?? bound ?? DefaultOutputTokens, bound ?? MostOutputTokens) * facts.Choices;
    }

    /// <summary>The most of a conversation. Where the provider runs tools, every call of one is followed by another round, whose prompt has what was found
    /// too. That is the bound for usual findings; what comes beyond is taken of what the budget has free.</summary>
    private static Usage MostOfChat(RequestFacts facts, CatalogueModel? model, ProviderEndpoint endpoint, long prompt)
    {
        var calls = facts.HasHostedTools ? Math.Min(facts.Terms.ToolCallLimit ?? AskedTerms.DefaultToolCalls, AskedTerms.MostToolCalls) : 0;
        long input = prompt, longest = prompt;
        for (var call = 0; call < calls; call++)
        {
            longest = Math.Min(longest + TokensPerFinding, model?.ContextTokens ?? long.MaxValue);
            input += longest;
        }

        return new Usage
        {
            InputTokens = input,
            LongestPromptTokens = calls > 0 ? longest : 0,
            OutputTokens = MostOutput(facts, model, endpoint),
            Tools = facts.Terms.Calls(calls),
        };
    }

    private static bool IsBatch(EndpointKind kind) =>
        kind is EndpointKind.Embeddings or EndpointKind.Completion or EndpointKind.Moderation or EndpointKind.Rerank;

    /// <summary>The most searches of a call: documents longer than some 500 tokens, the query included, count once for each such piece
    /// (cohere.com/pricing). Half of a piece at least is the document's.</summary>
    private static long MostSearches(RequestFacts facts) =>
        Searches(facts.Documents + ((facts.PromptBytes + (facts.QueryBytes * facts.Documents)) / BytesPerPiece));

    private static long Searches(long documents) => Math.Max(1, (documents + DocumentsPerSearch - 1) / DocumentsPerSearch);

    private static Usage MostOfRecording(RequestFacts facts)
    {
        var seconds = facts.AudioSeconds ?? (decimal)facts.MediaBytes / BytesPerSecond;
        if (facts.HasUnseenInput) seconds = Math.Max(seconds, MostUnseenSeconds);
        return new Usage
        {
            InputSeconds = seconds,
            InputTokens = (long)(seconds * 15) + facts.PromptBytes + WrappingTokens,
            OutputTokens = (long)(seconds * 10) + 100,
        };
    }

    private static long MostOfImage(long pixels) => pixels <= PlainPixels ? TokensPerImage : (TokensPerImage * pixels / PlainPixels) + 1;
}
