namespace Lava.Core.Translation.Conversations.Parts;

/// <summary>What a tool answered.</summary>
/// <param name="CallId">The call that it answers.</param>
/// <param name="Content">Texts, images, documents.</param>
/// <param name="IsError">Whether the tool failed.</param>
internal sealed record ToolResultPart(string CallId, IReadOnlyList<Part> Content, bool IsError) : Part
{
    /// <summary>The texts as one.</summary>
    public string Text => string.Join("\n", Content.OfType<TextPart>().Select(part => part.Text));
}
