namespace Lava.Core.Translation.Conversations.Parts;

/// <summary>A document to read.</summary>
/// <param name="Media">The document.</param>
/// <param name="Name">Its name or title; null where it has none.</param>
internal sealed record DocumentPart(Media Media, string? Name) : Part;
