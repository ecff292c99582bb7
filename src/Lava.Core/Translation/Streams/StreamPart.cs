namespace Lava.Core.Translation.Streams;

/// <summary>What is known of a part when it begins.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">A tool call's id, or redacted thoughts; else null.</param>
/// <param name="Name">A tool call's name; else null.</param>
/// <param name="Signature">What Gemini wants back with a tool call; else null.</param>
/// <param name="IsCustom">Whether a call is of a custom tool; its deltas are pieces of the text then.</param>
internal readonly record struct StreamPart(PartKind Kind, string? Id = null, string? Name = null, string? Signature = null, bool IsCustom = false);
