namespace Lava.Core.Translation.Conversations;

/// <summary>What a custom tool takes: plain text instead of arguments.</summary>
/// <param name="Syntax">How the grammar is written (<c>lark</c>, <c>regex</c>); null where any text will do.</param>
/// <param name="Grammar">What the text must follow; null where any will do.</param>
internal sealed record TextInput(string? Syntax = null, string? Grammar = null);
