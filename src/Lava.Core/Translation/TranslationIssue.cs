namespace Lava.Core.Translation;

/// <summary>Why something was not translated, in words that may be shown to the caller.</summary>
/// <param name="Fault">What kind of reason it is.</param>
/// <param name="Field">The member at fault, as a path in the format that it was read from (<c>messages[2].content[0].type</c>); empty for the whole
/// body.</param>
/// <param name="Message">A sentence that names the field.</param>
public readonly record struct TranslationIssue(TranslationFault Fault, string Field, string Message);
