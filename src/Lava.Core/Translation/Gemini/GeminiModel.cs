namespace Lava.Core.Translation.Gemini;

/// <summary>What Google's models differ in (ai.google.dev/gemini-api/docs/thinking, /thought-signatures).</summary>
internal static class GeminiModel
{
    /// <summary>What Google takes instead of a signature for a call that has lost its own.</summary>
    public const string AnySignature = "skip_thought_signature_validator";

    private const long LeastOfPro = 128;

    /// <summary>Whether a model refuses earlier calls without their signatures: from the third generation on.</summary>
    public static bool WantsSignatures(string model)
    {
        var name = model.AsSpan(model.LastIndexOf('/') + 1);
        return name.StartsWith("gemini-") && name.Length > 7 && name[7] is >= '3' and <= '9';
    }

    /// <summary>Whether a model thinks at all; older ones refuse to be told how.</summary>
    public static bool Thinks(string model)
    {
        var name = model.AsSpan(model.LastIndexOf('/') + 1);
        return !name.StartsWith("gemini-1") && !name.StartsWith("gemini-2.0") && !name.StartsWith("gemma");
    }

    /// <summary>Fewest tokens to think with: the larger models do not stop thinking.</summary>
    public static long LeastThinking(string model) => model.Contains("-pro", StringComparison.Ordinal) ? LeastOfPro : 0;
}
