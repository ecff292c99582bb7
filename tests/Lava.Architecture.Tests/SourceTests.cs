
namespace Lava.Architecture.Tests;

/// <summary>The shape of the sources: lines that fit a screen, folders that one takes in at a glance.</summary>
public sealed class SourceTests
{
    private const int MaxLine = 160;
    private const int MaxDocumentLine = 120;
    private const int MaxFiles = 20;

    [Fact]
    public void Lines_of_code_have_at_most_160_characters()
    {
        var longOnes =
            from file in Layout.Files("src", "*.cs")
            from line in File.ReadLines(Path.Combine(Layout.Root, file)).Select((text, index) => (text, number: index + 1))
            where line.text.Length > MaxLine
            select $"{file}:{line.number} has {line.text.Length}";
        longOnes.ShouldBeEmpty();
    }

    // Tables, code and a link that fills its line cannot be wrapped.
    [Fact]
    public void Lines_of_documents_have_at_most_120_characters()
    {
        var longOnes = new List<string>();
        foreach (var file in Layout.Files("docs", "*.md").Append("README.md"))
        {
            var isCode = false;
            var number = 0;
            foreach (var line in File.ReadLines(Path.Combine(Layout.Root, file)))
            {
                number++;
                if (line.TrimStart().StartsWith("```", StringComparison.Ordinal)) isCode = !isCode;
                if (isCode || line.Length <= MaxDocumentLine || line.TrimStart().StartsWith('|') || !line.Trim().Contains(' ')) continue;
                longOnes.Add($"{file}:{number} has {line.Length}");
            }
        }

        longOnes.ShouldBeEmpty();
    }

    // The catalogue has a file for each provider, named by it.
    [Fact]
    public void No_folder_has_more_than_20_files()
    {
        var crowded =
            from file in Layout.Files("src", "*")
            group file by Path.GetDirectoryName(file) into folder
            where folder.Count() > MaxFiles && folder.Key != "src/Lava.Service/Catalogue/Data"
            select $"{folder.Key} has {folder.Count()}";
        crowded.ShouldBeEmpty();
    }
}
