using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Lava.Core.Catalogue;

namespace Lava.Service.Catalogue.PriceLists;

/// <summary>Writes what a price list has other than the catalogue as overrides of the operator's (docs/catalogue.md).</summary>
public static class PriceListOverrides
{
    private static readonly JsonSerializerOptions Options = new(CatalogueJson.Default.Options)
    {
        WriteIndented = true,
        TypeInfoResolver = CatalogueJson.Default.WithAddedModifier(LeaveOutNothings),
    };

    /// <summary>The overrides file; what the list does not say is taken over from the entries that it replaces.</summary>
    /// <remarks>A dated name that the list prices as the plain one is written as an alias of it.</remarks>
    /// <param name="catalogue">The catalogue.</param>
    /// <param name="list">The list.</param>
    /// <param name="differences">Where the list differs from it.</param>
    /// <param name="now">The time, whose day the entries are marked with.</param>
    public static byte[] Write(
        ProviderCatalogue catalogue, IReadOnlyList<PriceListEntry> list, IReadOnlyList<PriceDifference> differences, DateTimeOffset now)
    {
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        var names = new PriceListNames(catalogue, list);
        var models = differences
            .Select(difference => difference.Entry)
            .Distinct()
            .GroupBy(entry => entry.Provider, StringComparer.Ordinal)
            .ToDictionary(
                group => group.Key,
                IReadOnlyList<CatalogueModel> (group) =>
                [
                    .. group.GroupBy(names.IdOf, StringComparer.Ordinal).Select(same => Merge(catalogue, names, same.Key, [.. same], day)),
                ],
                StringComparer.Ordinal);
        return JsonSerializer.SerializeToUtf8Bytes(new CatalogueOverrides(null, models),
            (JsonTypeInfo<CatalogueOverrides>)Options.GetTypeInfo(typeof(CatalogueOverrides)));
    }

    /// <summary>The model of an id, with what the list says of it under its names.</summary>
    private static CatalogueModel Merge(
        ProviderCatalogue catalogue, PriceListNames names, string id, IReadOnlyList<PriceListEntry> same, DateOnly day)
    {
        var provider = catalogue.FindProvider(same[0].Provider)!;
        var known = catalogue.FindModel(provider, id);

        // Where a name that the catalogue has is priced otherwise than one that it has not, the known one counts.
        var entry = same.FirstOrDefault(entry => names.IsKnown(entry)) ?? same.FirstOrDefault(entry => entry.Model == id) ?? same[0];
        var model = known ?? new CatalogueModel
        {
            Id = id,
            Kind = entry.IsEmbedding ? EndpointKind.Embeddings : EndpointKind.Chat,
            ContextTokens = entry.ContextTokens ?? entry.MaxOutputTokens,
            MaxOutputTokens = entry.IsEmbedding || entry.MaxOutputTokens > entry.ContextTokens ? null : entry.MaxOutputTokens,
            Capabilities = entry.Capabilities,
            Price = new ModelPrice(),
        };
        var price = model.Price with
        {
            Input = Clean(entry.Input),
            Output = Clean(entry.Output),
            CacheRead = Clean(Known(entry.CacheRead)) ?? model.Price.CacheRead,
            CacheWrite = Clean(Known(entry.CacheWrite)) ?? model.Price.CacheWrite,
            CacheWriteLong = Clean(Known(entry.CacheWriteLong)) ?? model.Price.CacheWriteLong,
            Tools = provider.Tools == model.Price.Tools ? null : model.Price.Tools,
            When = [.. Steps(entry, model.Price), .. model.Price.When.Where(Stays)],
        };
        var others = same.Select(entry => entry.Model).Where(name => name != id && !model.Aliases.Contains(name));
        return model with { Price = price, Checked = day, Aliases = [.. model.Aliases, .. others] };
    }

    /// <summary>A list has today's price, so rules that end or begin one are of no use beside it, nor are those of hours.</summary>
    private static bool Stays(PriceRule rule) => rule.Above is null && rule.From is null && rule.Until is null && rule.Hours is null && rule.Days is null;

    private static IEnumerable<PriceRule> Steps(PriceListEntry entry, ModelPrice price) => entry.Steps.Count == 0
        ? price.When.Where(rule => rule.Above is not null)
        : entry.Steps.Select(step =>
            new PriceRule { Above = step.Above, Input = Clean(step.Input), Output = Clean(step.Output), CacheRead = Clean(step.CacheRead) });

    private static decimal? Known(decimal? price) => price == 0 ? null : price;

    /// <summary>A price without the noise of a floating point number.</summary>
    private static decimal? Clean(decimal? price) => price is { } value ? Math.Round(value, 8) / 1.0000000000000000000000000000m : null;

    private static void LeaveOutNothings(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            property.ShouldSerialize = static (_, value) => value switch
            {
                null or false => false,
                System.Collections.ICollection list => list.Count > 0,
                EndpointKind kind => kind != EndpointKind.Chat,
                long and 0 => false,
                _ => true,
            };
        }
    }
}
