using Lava.Core.Translation.Conversations;

namespace Lava.Core.Translation.Adaptation;

/// <summary>A conversation that its model takes, and what is to be done with the answer because of that.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="ToolNames">The client's names of tools by those that the provider was told; empty where none was changed.</param>
/// <param name="Stops">The sequences at which the answer is to be ended, where the provider does not do so.</param>
internal sealed record Adapted(Conversation Conversation, IReadOnlyDictionary<string, string> ToolNames, IReadOnlyList<string> Stops);
