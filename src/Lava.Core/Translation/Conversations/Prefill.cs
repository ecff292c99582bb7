using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Conversations;

/// <summary>The beginning of an answer that the client puts into the model's mouth, as a last turn of the assistant.</summary>
internal static class Prefill
{
    /// <summary>Refuses one for a provider that would answer it instead of going on with it (behaviour.md §3.3).</summary>
    public static void Refuse(IReadOnlyList<Turn> turns, Issues issues)
    {
        if (turns.Count > 0 && turns[^1].IsAssistant)
            issues.Unsupported(
                issues.Names.Messages,
                $"{issues.Names.Messages} ends with an assistant message, and the provider's format cannot continue a response that has begun.");
    }
}
