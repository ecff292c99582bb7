namespace Lava.Core.Translation.Conversations.Parts;

/// <summary>What the model thought before it answered.</summary>
/// <param name="Text">The thoughts; empty where the provider keeps them to itself.</param>
/// <param name="Signature">The provider's proof that they are its own; null where it gives none.</param>
/// <param name="Redacted">The thoughts in a form that only the provider reads; null where they are in the open.</param>
internal sealed record ThinkingPart(string Text, string? Signature, string? Redacted = null) : Part;
