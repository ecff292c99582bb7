namespace Lava.Core.Formats.Requests;

/// <summary>Members at the top of requests on which the price, or what is reported of the usage, depends. Each may stand once only, spelt as it is
/// documented.</summary>
internal enum RootMember : byte
{
    /// <summary>Any other.</summary>
    Other,
    Model,
    Stream,
    StreamOptions,

    /// <summary>The limit of the answer that every host of the format reads.</summary>
    MaxOutput,

    /// <summary>OpenAI's newer name of it, which some hosts do not read.</summary>
    MaxCompletion,
    Choices,

    /// <summary>Answers of which the best are returned. All are billed.</summary>
    BestOf,

    /// <summary>One prompt or several, each of which is answered.</summary>
    Prompts,

    /// <summary>Documents to be put in order.</summary>
    Documents,

    /// <summary>What documents are compared with.</summary>
    Query,

    /// <summary>Text to be spoken.</summary>
    Spoken,

    /// <summary>A conversation, prompt or cache that the provider keeps.</summary>
    Kept,
    GenerationConfig,
    Tools,

    /// <summary>Most calls of the provider's tools, all together.</summary>
    MostToolCalls,

    /// <summary>Bedrock's object around the tools.</summary>
    ToolConfig,
    ServiceTier,
    Speed,
    Place,
    Latency,
    Background,

    /// <summary>Bedrock's members for the model itself, which Converse does not read.</summary>
    ModelFields,

    /// <summary>What turns on something that is billed apart, or lets another model answer.</summary>
    Extra,

    /// <summary>What makes an image or a transcription dearer.</summary>
    Size,
    Quality,
    Pixels,
    Steps,
}
