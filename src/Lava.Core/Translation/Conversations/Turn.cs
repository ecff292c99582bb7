using Lava.Core.Translation.Conversations.Parts;

namespace Lava.Core.Translation.Conversations;

/// <summary>What one side said in one go.</summary>
/// <param name="IsAssistant">Whether the model said it; else the user or the tools that answer for the user.</param>
/// <param name="Parts">What was said, in order.</param>
internal sealed record Turn(bool IsAssistant, IReadOnlyList<Part> Parts);
