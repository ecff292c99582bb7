namespace Lava.Core.Translation.Conversations.Parts;

/// <summary>A picture to look at.</summary>
/// <param name="Media">The picture.</param>
/// <param name="Detail">How closely OpenAI is to look (<c>low</c>, <c>high</c>); null where it is not said.</param>
internal sealed record ImagePart(Media Media, string? Detail = null) : Part;
