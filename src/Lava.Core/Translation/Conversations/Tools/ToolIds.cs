using Lava.Core.Translation.Conversations.Parts;

namespace Lava.Core.Translation.Conversations.Tools;

/// <summary>Makes the ids of tool calls legal for a provider: legal ones stay, others are numbered, the same in call and result (behaviour.md §3.3).</summary>
internal static class ToolIds
{
    /// <summary>The id of a call that the provider did not name. No other answer has it: a client keeps the calls of a whole conversation by their
    /// ids.</summary>
    /// <param name="answerId">The answer's, of our own making.</param>
    /// <param name="place">Which of the answer's calls it is, from 1.</param>
    public static string Make(string answerId, int place) => $"call_{answerId}_{place}";

    /// <summary>An answer's parts with ids for calls that have none.</summary>
    public static IReadOnlyList<Part> Name(IReadOnlyList<Part> parts, string answerId)
    {
        if (!parts.Any(part => part is ToolCallPart { Id.Length: 0 })) return parts;
        var place = 0;
        return [.. parts.Select(NameCall)];

        Part NameCall(Part part)
        {
            if (part is not ToolCallPart call) return part;
            place++;
            return call.Id.Length > 0 ? call : call with { Id = Make(answerId, place) };
        }
    }

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

    private static bool IsLegal(string id, int longest) =>
        id.Length > 0 && id.Length <= longest && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
