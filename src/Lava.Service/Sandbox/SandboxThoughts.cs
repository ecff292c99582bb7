using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Service.Sandbox.Strictness;

namespace Lava.Service.Sandbox;

/// <summary>What an answer shows of its reasoning: words, one a token, and the provider's signature over them. A signature can be checked without anything
/// kept, so that thoughts which were changed, or made up by somebody else, are found out as the provider finds them.</summary>
internal static class SandboxThoughts
{
    private static readonly string[] Words = "Let me think about what is asked here, what I know, and what to do next.".Split(' ');

    /// <summary>Whether a request asks to be shown how the model reasons.</summary>
    public static bool AreAskedFor(WireFormat format, JsonElement body) => format switch
    {
        WireFormat.Anthropic => IsThinking(body.At("thinking")),
        WireFormat.BedrockConverse => IsThinking(body.At("additionalModelRequestFields").At("thinking")),
        WireFormat.Gemini => body.At("generationConfig", "generation_config").At("thinkingConfig", "thinking_config").At("includeThoughts", "include_thoughts")
            .ValueKind == JsonValueKind.True,
        WireFormat.OpenAiResponses => body.At("reasoning").At("summary").Word() is not (null or "none") || WantsEncrypted(body),
        _ => false,
    };

    /// <summary>Whether a request to chat completions lets a model think that does so by itself.</summary>
    public static bool AreAllowed(JsonElement body) => body.At("thinking").At("type").Word() != "disabled" && body.At("reasoning_effort").Word() != "none";

    /// <summary>Whether a request to Responses wants the reasoning back in a form that it can send again.</summary>
    public static bool WantsEncrypted(JsonElement body) => body.At("include").List().Any(entry => entry.Word() == "reasoning.encrypted_content");

    /// <summary>Whether thoughts come without their text, signed only (Claude's <c>display: omitted</c>).</summary>
    /// <param name="body">The request.</param>
    /// <param name="areHidden">Whether the model does so where the request does not say.</param>
    public static bool AreOmitted(JsonElement body, bool areHidden)
    {
        var thinking = body.At("thinking").IsGiven() ? body.At("thinking") : body.At("additionalModelRequestFields").At("thinking");
        return thinking.At("display").Word() is { } display ? display == "omitted" : areHidden;
    }

    /// <summary>A word, with a space before it unless it is the first.</summary>
    public static string Word(long index) => (index == 0 ? "" : " ") + Words[(int)(index % Words.Length)];

    /// <summary>The first words together.</summary>
    public static string First(long count)
    {
        var text = new StringBuilder();
        for (var i = 0L; i < count; i++) text.Append(Word(i));
        return text.ToString();
    }

    /// <summary>The signature over thoughts, or over a call that they led to.</summary>
    public static string Sign(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes("sandbox\n" + text)));

    private static bool IsThinking(JsonElement thinking) => thinking.At("type").Word() is "enabled" or "adaptive";
}
