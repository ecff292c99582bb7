namespace Lava.Console.Pages.Overview;

/// <summary>By what the overview splits usage.</summary>
/// <param name="By">The API's word.</param>
/// <param name="Name">Its name on the page.</param>
internal sealed record Split(string By, string Name)
{
    /// <summary>What begins the name of a split by metadata.</summary>
    public const string Metadata = "metadata.";

    /// <summary>The splits that every merchant has.</summary>
    public static readonly IReadOnlyList<Split> All =
    [
        new("model", "Model"), new("provider", "Provider"), new("customer", "Customer"), new("meter", "Meter"), new("spend_key", "Spend key"),
    ];

    /// <summary>The split that is asked for; by model where nothing is, or what no split can be made of.</summary>
    /// <param name="by">The API's word; empty for none.</param>
    /// <param name="key">A metadata key; empty for none.</param>
    public static Split Of(string by, string key) =>
        key.Length is > 0 and <= 255 && key.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? new Split(Metadata + key, key)
            : All.FirstOrDefault(split => split.By == by) ?? All[0];
}
