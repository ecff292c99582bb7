namespace Lava.Core.Catalogue;

/// <summary>Where facts of a model are listed, and when they were last compared with that place.</summary>
/// <param name="Url">The address.</param>
/// <param name="Checked">The day.</param>
public sealed record ModelSource(string Url, DateOnly Checked);
