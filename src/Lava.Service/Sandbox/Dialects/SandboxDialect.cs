namespace Lava.Service.Sandbox.Dialects;

/// <summary>Whose shapes an answer has where the endpoint's format does not say: errors, model lists.</summary>
internal enum SandboxDialect
{
    OpenAi,
    Anthropic,
    Gemini,
    Bedrock,
    ElevenLabs,
    Cohere,
    Jina,
    Voyage,
}
