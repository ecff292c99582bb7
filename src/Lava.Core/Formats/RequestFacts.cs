namespace Lava.Core.Formats;

/// <summary>What the gateway needs to know of a request's body, read in one pass.</summary>
public sealed record RequestFacts
{
    /// <summary>The model that the body names; null where it names none (then the path may).</summary>
    public string? Model { get; init; }

    /// <summary>True when <c>model</c> is present with another type than a non-empty string.</summary>
    public bool ModelIsInvalid { get; init; }

    /// <summary>Whether the body asks for a stream.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether the client itself asked for the usage chunk of an OpenAI stream.</summary>
    public bool AsksForUsage { get; init; }

    /// <summary>Most answer tokens that the request allows for each choice, by the name that its format has for it; null where it says none.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>The same by <c>max_completion_tokens</c>, which not every host of OpenAI's chats reads (<see cref="Catalogue.ProviderEndpoint.OutputLimits"/>);
    /// null where it says none.</summary>
    public long? MaxCompletionTokens { get; init; }

    /// <summary>Why the request is not sent on with anybody's key: it could hide what it uses, or means different calls to different hosts. Null where nothing
    /// is wrong.</summary>
    public RequestFault? Fault { get; init; }

    /// <summary>Why the request is not sent on with the operator's key: what it asks for has no price here. Null where all of it has one.</summary>
    public RequestFault? Unpriced { get; init; }

    /// <summary>Why it is not where images have one price each, whatever their size; null where they are of the plain kind.</summary>
    public RequestFault? DearImage { get; init; }

    /// <summary>Pixels of an image to be made, where the request names a size; 0 where it does not.</summary>
    public long ImagePixels { get; init; }

    /// <summary>What it asks for that may change its price, if it is priced: a tier, a speed, tools of the provider.</summary>
    public AskedTerms Terms { get; init; }

    /// <summary>Whether the provider is asked for tools of its own, so that it reads what the body does not hold.</summary>
    public bool HasHostedTools { get; init; }

    /// <summary>Whether what the body does not hold is nothing but the findings of searches, each of which is short.</summary>
    public bool HasOnlyFindingsUnseen { get; init; }

    /// <summary>How many answers (<c>n</c>, <c>best_of</c>, <c>candidateCount</c>) or images are asked for, for each of the prompts where there are several;
    /// at least 1.</summary>
    public long Choices { get; init; } = 1;

    /// <summary>Documents to be put in order (rerank).</summary>
    public long Documents { get; init; }

    /// <summary>Bytes of the query that each document is compared with (rerank).</summary>
    public long QueryBytes { get; init; }

    /// <summary>Whether the body sets a temperature above 0, and so asks for an answer that differs from call to call.</summary>
    public bool HasTemperature { get; init; }

    /// <summary>Bytes of text in the prompt, an upper bound of its tokens: the body without base64 media. Media count in <see cref="MediaParts"/>.</summary>
    public long PromptBytes { get; init; }

    /// <summary>Images, documents and audio clips in the prompt.</summary>
    public int MediaParts { get; init; }

    /// <summary>Base64 characters of those media that are not images, or bytes of an uploaded recording: documents and clips cost by their length.</summary>
    public long MediaBytes { get; init; }

    /// <summary>Whether the prompt includes what the body does not: a stored conversation or prompt, a document by id or address. Its size is not known
    /// here.</summary>
    public bool HasUnseenInput { get; init; }

    /// <summary>Unicode characters of the text to be spoken (speech endpoints).</summary>
    public long Characters { get; init; }

    /// <summary>Whether the body has what a response is asked for with (<c>input</c>) and no messages, wherever it was sent: Cursor's agent asks for chat
    /// completions so.</summary>
    public bool IsForResponse { get; init; }

    /// <summary>Whether a request of OpenAI's formats has tools that are described as Responses does it, without an object of their own.</summary>
    public bool HasFlatTools { get; init; }

    /// <summary>Whether a request of OpenAI's formats has custom tools, whose input is plain text.</summary>
    public bool HasCustomTools { get; init; }

    /// <summary>Seconds of audio in an upload, where the file's header tells; null where it does not.</summary>
    public decimal? AudioSeconds { get; init; }
}
