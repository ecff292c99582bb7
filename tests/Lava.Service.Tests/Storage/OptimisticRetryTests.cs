using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Lava.Service.Ports.Tables;
using Lava.Service.Queues;

namespace Lava.Service.Tests.Storage;

public sealed partial class OptimisticRetryTests
{
    [Fact]
    public void After_the_last_round_a_loop_ends_in_a_fault_that_passes()
    {
        var rounds = 0;
        var fault = Should.Throw<TableStoreException>(() =>
        {
            for (var round = 0; ; round = OptimisticRetry.Next(round)) rounds++;
        });
        rounds.ShouldBe(OptimisticRetry.MaxRounds);
        TransientFault.Is(fault).ShouldBeTrue();
    }

    [Fact]
    public void Every_loop_that_writes_again_after_a_conflict_has_the_one_bound()
    {
        var loops = 0;
        List<string> unbounded = [];
        foreach (var file in Sources())
        {
            var text = File.ReadAllText(file);
            loops += text.Split("OptimisticRetry.Next(round)").Length - 1;
            unbounded.AddRange(Endless().Matches(text)
                .Where(loop => IsUnbounded(Block(text, loop.Index)))
                .Select(loop => $"{Path.GetFileName(file)}:{text.AsSpan(0, loop.Index).Count('\n') + 1}"));
        }

        unbounded.ShouldBeEmpty();

        // The search finds what it is meant to find: nearly forty loops have the bound.
        loops.ShouldBeGreaterThan(30);
        WritesAgain().IsMatch("{ if (await store.ReplaceAsync(tenant, plan, found.ETag, token)) return plan; }").ShouldBeTrue();
    }

    private static IEnumerable<string> Sources([CallerFilePath] string here = "")
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "src"));
        return new[] { "Lava.Service", "Lava.Functions", "Lava.Local" }
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(root, project), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
    }

    private static bool IsUnbounded(string block) => WritesAgain().IsMatch(block) && !block.Contains("OptimisticRetry.Next(", StringComparison.Ordinal);

    // From the loop's first brace to the one that closes it. Braces in strings come in pairs in this code.
    private static string Block(string text, int from)
    {
        var start = text.IndexOf('{', from);
        var depth = 0;
        for (var i = start; i < text.Length; i++)
        {
            if (text[i] == '{') depth++;
            else if (text[i] == '}' && --depth == 0) return text[start..(i + 1)];
        }

        return text[start..];
    }

    [GeneratedRegex(@"while \(true\)|while \(await Find|for \(; ?; ?\)")]
    private static partial Regex Endless();

    [GeneratedRegex(
        @"IsCommitted\)\s+(return|break|continue|\{)|(Replace|Delete|Revoke|Rotate|Add)Async\(.*etag|\.(Apply|Change)Async\(|ChangeOutcome\.",
        RegexOptions.IgnoreCase)]
    private static partial Regex WritesAgain();
}
