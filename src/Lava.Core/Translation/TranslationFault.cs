namespace Lava.Core.Translation;

/// <summary>Why something was not translated.</summary>
public enum TranslationFault
{
    /// <summary>It is not what its format says: no JSON, a member of the wrong type, nested too deep.</summary>
    Malformed,

    /// <summary>It is right, but the other format cannot say it; the Service answers 400 <c>rewrite_unsupported</c> (behaviour.md §3.3).</summary>
    Unsupported,
}
