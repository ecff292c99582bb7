using Lava.Core.Translation.Conversations.Parts;

namespace Lava.Core.Translation.Conversations;

/// <summary>Puts turns in the order that providers ask for.</summary>
internal static class Turns
{
    /// <summary>Makes one turn of those that follow each other from the same side, and puts a user turn's tool results first, where providers look for
    /// them, in the order of the calls: Google pairs the two by nothing else.</summary>
    public static IReadOnlyList<Turn> Merge(IReadOnlyList<Turn> turns)
    {
        var merged = new List<Turn>(turns.Count);
        var parts = new List<Part>();
        foreach (var turn in turns)
        {
            if (turn.Parts.Count == 0) continue;
            if (merged.Count == 0 || merged[^1].IsAssistant != turn.IsAssistant)
            {
                parts = [];
                merged.Add(new Turn(turn.IsAssistant, parts));
            }

            parts.AddRange(turn.Parts);
        }

        for (var i = 0; i < merged.Count; i++)
        {
            if (merged[i].IsAssistant || !merged[i].Parts.Any(part => part is ToolResultPart)) continue;
            var calls = i == 0 ? [] : merged[i - 1].Parts.OfType<ToolCallPart>().Select(call => call.Id).ToList();
            merged[i] = merged[i] with { Parts = [.. merged[i].Parts.OrderBy(part => PlaceOf(part, calls))] };
        }

        return merged;
    }

    private static int PlaceOf(Part part, List<string> calls)
    {
        if (part is not ToolResultPart result) return int.MaxValue;
        var place = calls.IndexOf(result.CallId);
        return place < 0 ? calls.Count : place;
    }

    /// <summary>Leaves earlier thoughts out: no other family's provider would believe their signatures (behaviour.md §3.3).</summary>
    public static IReadOnlyList<Turn> WithoutThinking(IReadOnlyList<Turn> turns) =>
        [.. turns.Select(turn => turn.Parts.Any(part => part is ThinkingPart)
            ? turn with { Parts = [.. turn.Parts.Where(part => part is not ThinkingPart)] }
            : turn)];
}
