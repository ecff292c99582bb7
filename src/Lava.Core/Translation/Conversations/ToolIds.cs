namespace Lava.Core.Translation.Conversations;

/// <summary>Makes the ids of tool calls legal for a provider: legal ones stay, others are numbered, the same in call and result (behaviour.md §3.3).</summary>
internal static class ToolIds
{
    /// <summary>The turns with ids of letters, digits, <c>_</c> and <c>-</c> only.</summary>
    /// <param name="turns">The turns.</param>
    /// <param name="prefix">What a made id begins with.</param>
    /// <param name="longest">Longest id that the provider takes.</param>
    public static IReadOnlyList<Turn> Legalise(IReadOnlyList<Turn> turns, string prefix, int longest)
    {
        var all = turns.SelectMany(turn => turn.Parts).Select(IdOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (all.All(id => IsLegal(id, longest))) return turns;
        var made = new Dictionary<string, string>(StringComparer.Ordinal);
        var number = 0;
        return [.. turns.Select(turn => turn with { Parts = [.. turn.Parts.Select(Rename)] })];

        Part Rename(Part part) => part switch
        {
            ToolCallPart call => call with { Id = Legal(call.Id) },
            ToolResultPart result => result with { CallId = Legal(result.CallId) },
            _ => part,
        };

        string Legal(string id)
        {
            if (IsLegal(id, longest)) return id;
            if (made.TryGetValue(id, out var legal)) return legal;
            while (!all.Add(legal = $"{prefix}{++number}"))
            {
            }

            made.Add(id, legal);
            return legal;
        }
    }

    private static string? IdOf(Part part) => part switch { ToolCallPart call => call.Id, ToolResultPart result => result.CallId, _ => null };

    private static bool IsLegal(string id, int longest) => id.Length > 0 && id.Length <= longest && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
