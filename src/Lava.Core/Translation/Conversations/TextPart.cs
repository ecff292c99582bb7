namespace Lava.Core.Translation.Conversations;

internal sealed record TextPart(string Text) : Part;
