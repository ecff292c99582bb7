using System.Text.RegularExpressions;

namespace Lava.Architecture.Tests;

/// <summary>The project's files, and the rooms that docs/architecture.md lists, top first.</summary>
internal static partial class Layout
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = Find();

    /// <summary>The rooms of Lava.Service in the order of the document: an arrow may only point to a room further down.</summary>
    public static IReadOnlyList<string> Rooms { get; } =
        [.. RoomRow().Matches(File.ReadAllText(Path.Combine(Root, "docs", "architecture.md"))).Select(match => match.Groups[1].Value)];

    /// <summary>Source files below a folder, without what builds write. Paths are relative to <see cref="Root"/>, with slashes.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        from file in Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Root, file).Replace('\\', '/')
        where !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal)
        orderby path
        select path;

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Lava.Functions.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }

    [GeneratedRegex(@"^\| `(\w+)/` \|", RegexOptions.Multiline)]
    private static partial Regex RoomRow();
}
