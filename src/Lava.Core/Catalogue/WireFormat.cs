namespace Lava.Core.Catalogue;

/// <summary>The shape of an endpoint's requests and answers on the wire.</summary>
public enum WireFormat
{
    /// <summary>No format that Lava reads: bodies pass untouched and a call is billed per request.</summary>
    Opaque,

    /// <summary>OpenAI's chat completions and everything that imitates it.</summary>
    OpenAiChat,

    /// <summary>OpenAI's Responses API.</summary>
    OpenAiResponses,

    /// <summary>OpenAI's embeddings, speech, transcription, image and moderation endpoints.</summary>
    OpenAiMedia,

    /// <summary>Anthropic's Messages API.</summary>
    Anthropic,

    /// <summary>Google's generateContent family.</summary>
    Gemini,

    /// <summary>Amazon Bedrock's Converse API; its streams are binary event-stream frames.</summary>
    BedrockConverse,

    /// <summary>ElevenLabs' speech endpoints.</summary>
    ElevenLabs,

    /// <summary>Cohere's rerank endpoint and those of Jina and Voyage, which differ from it in a few members.</summary>
    Rerank,
}
