namespace Lava.Core.Catalogue;

/// <summary>Finds the names that somebody may have meant who wrote one that there is not.</summary>
public static class SimilarNames
{
    /// <summary>Longest name that is looked at: the work grows with its length.</summary>
    private const int Longest = 64;

    /// <summary>Most wrong letters of a name that is taken for another.</summary>
    private const int MostWrong = 2;

    /// <summary>The closest names, best first: those that go on where the asked one ends (<c>gpt-6.1</c>: <c>gpt-6.1-sol</c>), else those with a letter or
    /// two wrong.</summary>
    /// <param name="names">The names that there are.</param>
    /// <param name="asked">The one that was written.</param>
    /// <param name="most">Most names that are returned.</param>
    public static IReadOnlyList<string> Find(IEnumerable<string> names, string asked, int most)
    {
        if (asked.Length is < 3 or > Longest) return [];
        List<string> all = [.. names.Distinct(StringComparer.Ordinal)];
        List<string> longer = [.. all.Where(name => name.StartsWith(asked, StringComparison.OrdinalIgnoreCase))];
        return longer.Count > 0
            ? [.. longer.OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal).Take(most)]
            :
            [
                .. all.Where(name => Math.Abs(name.Length - asked.Length) <= MostWrong)
                    .Select(name => (Name: name, Wrong: Edits(name, asked)))
                    .Where(candidate => candidate.Wrong <= MostWrong)
                    .OrderBy(candidate => candidate.Wrong)
                    .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
                    .Take(most)
                    .Select(candidate => candidate.Name),
            ];
    }

    /// <summary>Letters to insert, remove or replace until one name is the other (Levenshtein).</summary>
    private static int Edits(string one, string other)
    {
        Span<int> row = stackalloc int[other.Length + 1];
        for (var column = 0; column <= other.Length; column++) row[column] = column;
        for (var line = 1; line <= one.Length; line++)
        {
            var above = row[0];
            row[0] = line;
            for (var column = 1; column <= other.Length; column++)
            {
                var replaced = above + (char.ToLowerInvariant(one[line - 1]) == char.ToLowerInvariant(other[column - 1]) ? 0 : 1);
                above = row[column];
                row[column] = Math.Min(replaced, Math.Min(row[column - 1], above) + 1);
            }
        }

        return row[other.Length];
    }
}
