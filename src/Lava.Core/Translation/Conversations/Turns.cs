namespace Lava.Core.Translation.Conversations;

/// <summary>Puts turns in the order that providers ask for.</summary>
internal static class Turns
{
    /// <summary>Makes one turn of those that follow each other from the same side, and puts a user turn's tool results first, where providers look for them.</summary>
    public static IReadOnlyList<Turn> Merge(IReadOnlyList<Turn> turns)
    {
        var merged = new List<Turn>(turns.Count);
        foreach (var turn in turns)
        {
            if (turn.Parts.Count == 0) continue;
            if (merged.Count > 0 && merged[^1].IsAssistant == turn.IsAssistant) merged[^1] = merged[^1] with { Parts = [.. merged[^1].Parts, .. turn.Parts] };
            else merged.Add(turn);
        }

        for (var i = 0; i < merged.Count; i++)
        {
            var parts = merged[i].Parts;
            if (!merged[i].IsAssistant && parts.Any(part => part is ToolResultPart))
                merged[i] = merged[i] with { Parts = [.. parts.OrderBy(part => part is not ToolResultPart)] };
        }

        return merged;
    }

    /// <summary>Leaves earlier thoughts out: no other family's provider would believe their signatures (behaviour.md §3.3).</summary>
    public static IReadOnlyList<Turn> WithoutThinking(IReadOnlyList<Turn> turns) =>
        [.. turns.Select(turn => turn.Parts.Any(part => part is ThinkingPart) ? turn with { Parts = [.. turn.Parts.Where(part => part is not ThinkingPart)] } : turn)];
}
