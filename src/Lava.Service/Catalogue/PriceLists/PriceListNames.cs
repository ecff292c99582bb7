using System.Text.RegularExpressions;
using Lava.Core.Catalogue;

namespace Lava.Service.Catalogue.PriceLists;

/// <summary>Finds names of a price list that mean one model: the plain one, and the same with a date or <c>latest</c> behind it at the same price.</summary>
/// <param name="catalogue">The catalogue.</param>
/// <param name="list">The list.</param>
internal sealed partial class PriceListNames(ProviderCatalogue catalogue, IReadOnlyList<PriceListEntry> list)
{
    private readonly Dictionary<(string Provider, string Model), PriceListEntry> _entries = list.ToDictionary(entry => (entry.Provider, entry.Model));

    private readonly ILookup<(string Provider, string Model), PriceListEntry> _byPlain = list.ToLookup(entry => (entry.Provider, Plain(entry.Model)));

    /// <summary>Whether the catalogue has a name.</summary>
    public bool IsKnown(PriceListEntry entry) => Known(entry) is not null;

    /// <summary>The id of the model that a name belongs to: the catalogue's, where it has one of the model's names, or else the plain name.</summary>
    public string IdOf(PriceListEntry entry)
    {
        if (Known(entry) is { } own) return own.Id;
        if (!_entries.TryGetValue((entry.Provider, Plain(entry.Model)), out var plain) || !AreOnePrice(plain, entry)) return entry.Model;
        if (Known(plain) is { } model) return model.Id;
        var dated = _byPlain[(plain.Provider, plain.Model)].Where(other => AreOnePrice(plain, other)).Select(Known).FirstOrDefault(other => other is not null);
        return dated?.Id ?? plain.Model;
    }

    private CatalogueModel? Known(PriceListEntry entry) =>
        catalogue.FindProvider(entry.Provider) is { } provider ? catalogue.FindModel(provider, entry.Model) : null;

    private static string Plain(string name) => Version().Replace(name, "");

    private static bool AreOnePrice(PriceListEntry one, PriceListEntry other) =>
        one.IsEmbedding == other.IsEmbedding
        && (one.Input, one.Output, one.CacheRead, one.CacheWrite, one.CacheWriteLong)
            == (other.Input, other.Output, other.CacheRead, other.CacheWrite, other.CacheWriteLong)
        && one.Steps.SequenceEqual(other.Steps);

    /// <summary><c>-2026-10-01</c>, <c>-20261001</c>, <c>@20261001</c>, <c>-latest</c>.</summary>
    [GeneratedRegex(@"[-@](?:20\d{2}-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])|latest)$", RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}
