namespace Lava.Core.Translation.Conversations.Parts;

internal sealed record TextPart(string Text) : Part;
