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
    /// <param name="host">The provider's host: those who imitate a format are not as strict as who has made it.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="profile">What the model takes.</param>
    /// <param name="body">The request.</param>
    public static SandboxRefusal? Of(WireFormat format, string host, string model, ModelProfile profile, JsonElement body) => format switch
    {
        WireFormat.OpenAiChat => new ChatCheck(profile, IsOpenAi(host)).Of(body),
        WireFormat.OpenAiResponses => new ResponsesCheck(profile, IsOpenAi(host)).Of(body),
        WireFormat.Anthropic when IsBedrock(host) || IsVertex(host) =>
            Invoked(body, streamsByAddress: IsBedrock(host)) ?? new AnthropicCheck(profile, model).Of(body),
        WireFormat.Anthropic => new AnthropicCheck(profile, model, IsAnthropic(host)).Of(body),
        WireFormat.Gemini => new GeminiCheck(profile, model).Of(body),
        WireFormat.BedrockConverse => new BedrockCheck(profile, model).Of(body),
        _ => null,
    };

    /// <summary>The refusal of what is no conversation; null where the provider would take it.</summary>
    public static SandboxRefusal? Of(SandboxCall call) => call.Endpoint.Format switch
    {
        WireFormat.OpenAiMedia or WireFormat.OpenAiChat => new MediaCheck(call, IsOpenAi(call.Url.Host)).Find(),
        WireFormat.Rerank => RerankCheck.Of(call),
        WireFormat.ElevenLabs => ElevenLabsCheck.Of(call),
        _ => null,
    };

    /// <summary>What Bedrock's InvokeModel and Vertex AI's rawPredict refuse beside Anthropic's rules: the model is in the address, and Bedrock's stream
    /// too.</summary>
    private static SandboxRefusal? Invoked(JsonElement body, bool streamsByAddress)
    {
        if (!body.At("anthropic_version").IsGiven()) return new SandboxRefusal("anthropic_version: Field required");
        var extra = body.At("model").IsGiven() ? "model" : streamsByAddress && body.At("stream").IsGiven() ? "stream" : null;
        return extra is null ? null : new SandboxRefusal($"{extra}: Extra inputs are not permitted");
    }

    private static bool IsBedrock(string host) => host.EndsWith(".amazonaws.com", StringComparison.Ordinal);

    private static bool IsVertex(string host) => host.StartsWith("aiplatform.", StringComparison.Ordinal)
        || host.EndsWith("-aiplatform.googleapis.com", StringComparison.Ordinal);

    private static bool IsAnthropic(string host) => host == "api.anthropic.com";

    private static bool IsOpenAi(string host) => host == "api.openai.com" || host.EndsWith(".openai.azure.com", StringComparison.Ordinal);
}
