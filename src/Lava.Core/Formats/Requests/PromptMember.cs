namespace Lava.Core.Formats.Requests;

/// <summary>Members of requests that matter below the top.</summary>
internal enum PromptMember : byte
{
    Other,
    StreamOptions,
    IncludeUsage,

    /// <summary>Gemini's <c>generationConfig</c>, Bedrock's <c>inferenceConfig</c>.</summary>
    GenerationConfig,
    MaxOutput,
    Candidates,
    Temperature,

    /// <summary>A block's <c>type</c>.</summary>
    Type,

    /// <summary>What holds encoded bytes or an address: <c>source</c>, <c>input_audio</c>, <c>inlineData</c>.</summary>
    Source,

    /// <summary>Encoded bytes in a <see cref="Source"/>.</summary>
    Data,

    /// <summary>Encoded bytes of a file, wherever it stands.</summary>
    FileData,

    /// <summary>An address in a <see cref="Source"/> or an <see cref="Image"/>.</summary>
    Url,

    /// <summary><c>image_url</c>, an object or the address itself.</summary>
    Image,

    /// <summary>A file by id or address.</summary>
    FileReference,

    /// <summary>A chat's tools, and each of them.</summary>
    Tools,

    /// <summary>A tool's <c>name</c>.</summary>
    Name,

    /// <summary>How often a tool of the provider's may be used.</summary>
    MostUses,

    /// <summary>Where a tool of the provider's runs code.</summary>
    Container,

    /// <summary>Bedrock's object around the tools.</summary>
    ToolConfig,

    /// <summary>Bedrock's object around a service tier.</summary>
    ServiceTier,

    /// <summary>Bedrock's object around a latency.</summary>
    Latency,

    /// <summary>Bedrock's members for the model itself.</summary>
    ModelFields,
}
