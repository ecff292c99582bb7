namespace Lava.Core.Catalogue;

/// <summary>How a provider takes its key.</summary>
public enum AuthStyle
{
    /// <summary><c>Authorization: Bearer KEY</c>.</summary>
    Bearer,

    /// <summary><c>x-api-key: KEY</c> (Anthropic).</summary>
    XApiKey,

    /// <summary><c>x-goog-api-key: KEY</c> (Google).</summary>
    XGoogApiKey,

    /// <summary><c>xi-api-key: KEY</c> (ElevenLabs).</summary>
    XiApiKey,

    /// <summary><c>api-key: KEY</c>, or a token of Microsoft Entra as bearer (Azure OpenAI).</summary>
    ApiKey,

    /// <summary>AWS Signature Version 4, or a Bedrock API key as bearer.</summary>
    AwsSigV4,
}
