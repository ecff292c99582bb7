namespace Lava.Core.Translation.Gemini;

/// <summary>What Google's models differ in (ai.google.dev/gemini-api/docs/thinking, /thought-signatures).</summary>
internal static class GeminiModel
{
    /// <summary>What Google takes instead of a signature for a call that has lost its own.</summary>
    public const string AnySignature = "skip_thought_signature_validator";

    /// <summary>Whether a model refuses earlier calls without their signatures: from the third generation on.</summary>
    public static bool WantsSignatures(string model)
    {
        var name = model.AsSpan(model.LastIndexOf('/') + 1);
        return name.StartsWith("gemini-") && name.Length > 7 && name[7] is >= '3' and <= '9';
    }
}
