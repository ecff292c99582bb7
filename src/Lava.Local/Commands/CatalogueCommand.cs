using System.Globalization;
using Lava.Service.Catalogue;
using Lava.Service.Catalogue.PriceLists;

namespace Lava.Local.Commands;

/// <summary>Compares the catalogue with a public price list, or writes overrides from one.</summary>
internal static class CatalogueCommand
{
    /// <summary>Exit code 0: nothing differs, or the overrides are written; 1: something differs; 2: a file cannot be read.</summary>
    public static async Task<int> RunAsync(LocalOptions options) =>
        await RunAsync(options.Words, new ConfigurationBuilder().AddEnvironmentVariables().Build()["Lava:Catalogue:Overrides"],
            TimeProvider.System.GetUtcNow(), System.Console.Out, System.Console.Error);

    /// <summary>Does what the words say.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> words, string? overrides, DateTimeOffset now, TextWriter output, TextWriter errors)
    {
        IReadOnlyList<PriceListEntry> list;
        try
        {
            list = PriceListReader.Read(await File.ReadAllBytesAsync(words[1]));
        }
        catch (Exception fault) when (fault is FormatException or IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"{words[1]} cannot be read as a price list. {fault.Message}");
            return 2;
        }

        Core.Catalogue.ProviderCatalogue catalogue;
        try
        {
            catalogue = CatalogueLoader.Load(overrides);
        }
        catch (InvalidOperationException fault)
        {
            await errors.WriteLineAsync(fault.Message);
            return 2;
        }

        var differences = PriceListComparison.Compare(catalogue, list, now);
        if (words[0] == "import")
        {
            await output.WriteLineAsync(System.Text.Encoding.UTF8.GetString(PriceListOverrides.Write(catalogue, list, differences, now)));
            return 0;
        }

        foreach (var (entry, part, ours, theirs) in differences)
        {
            await output.WriteLineAsync(part is null
                ? $"{entry.Provider}  {entry.Model}  missing here; listed at {Text(entry.Input)} in, {Text(entry.Output)} out"
                : $"{entry.Provider}  {entry.Model}  {part}: {Text(ours)} here, {Text(theirs)} listed");
        }

        await output.WriteLineAsync(differences.Count == 0
            ? $"Nothing differs in {list.Count} prices."
            : $"{differences.Count} differences in {list.Count} prices.");
        return differences.Count == 0 ? 0 : 1;
    }

    private static string Text(decimal price) => price.ToString("0.########", CultureInfo.InvariantCulture);
}
