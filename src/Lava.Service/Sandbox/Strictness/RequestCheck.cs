using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Core.Catalogue.Profiles;

namespace Lava.Service.Sandbox.Strictness;

/// <summary>Refuses what a model's provider refuses (docs/models.md): what its format does not allow, and what the model does not take. Only what is
/// documented, or
/// what providers are known to answer, is refused.</summary>
internal static class RequestCheck
{
    /// <summary>The refusal of a conversation; null where the provider would take it.</summary>
    /// <param name="format">The format in which it is asked.</param>
    /// <param name="host">The provider's host: those who imitate OpenAI's format are not as strict as OpenAI.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="profile">What the model takes.</param>
    /// <param name="body">The request.</param>
    public static SandboxRefusal? Of(WireFormat format, string host, string model, ModelProfile profile, JsonElement body) => format switch
    {
        WireFormat.OpenAiChat => new ChatCheck(profile, IsOpenAi(host)).Of(body),
        WireFormat.OpenAiResponses => new ResponsesCheck(profile, IsOpenAi(host)).Of(body),
        WireFormat.Anthropic => new AnthropicCheck(profile, model).Of(body),
        WireFormat.Gemini => new GeminiCheck(profile, model).Of(body),
        WireFormat.BedrockConverse => new BedrockCheck(profile, model).Of(body),
        _ => null,
    };

    /// <summary>The refusal of what is no conversation; null where the provider would take it.</summary>
    public static SandboxRefusal? Of(SandboxCall call) => call.Endpoint.Format switch
    {
        WireFormat.OpenAiMedia or WireFormat.OpenAiChat => new MediaCheck(call, IsOpenAi(call.Url.Host)).Find(),
        WireFormat.Rerank => RerankCheck.Of(call),
        _ => null,
    };

    private static bool IsOpenAi(string host) => host == "api.openai.com" || host.EndsWith(".openai.azure.com", StringComparison.Ordinal);
}
