namespace Lava.Core.Translation.Conversations.Tools;

/// <summary>Whether a tool is to be called.</summary>
/// <param name="Kind">Whether.</param>
/// <param name="Name">Which, for <see cref="ToolChoiceKind.Named"/>.</param>
internal readonly record struct ToolChoice(ToolChoiceKind Kind, string? Name = null);
