using Lava.Core.Catalogue;
using Lava.Core.Pricing;

namespace Lava.Service.Catalogue.PriceLists;

/// <summary>Compares the catalogue with a public price list.</summary>
public static class PriceListComparison
{
    /// <summary>Lists write prices as floating point numbers.</summary>
    private const decimal Tolerance = 0.0001m;

    /// <summary>Where they differ, in the order of the list: each part of a price that the list names, and each model that the catalogue has not. Models of
    /// the catalogue that the list has not are no difference. A price that goes by the hour agrees with a list that has either of its prices.</summary>
    /// <param name="catalogue">The catalogue.</param>
    /// <param name="list">The list.</param>
    /// <param name="now">The time: some prices end.</param>
    public static IReadOnlyList<PriceDifference> Compare(ProviderCatalogue catalogue, IReadOnlyList<PriceListEntry> list, DateTimeOffset now)
    {
        var found = new List<PriceDifference>();
        foreach (var entry in list)
        {
            if (catalogue.Providers.FirstOrDefault(provider => provider.Id == entry.Provider) is not { } provider || !Serves(provider, entry)) continue;
            if (catalogue.FindModel(provider, entry.Model)?.Price is not { } price)
            {
                found.Add(new PriceDifference(entry, null, 0, 0));
                continue;
            }

            if (price.Input is null) continue;
            Add("input", new Usage { InputTokens = 1 }, entry.Input);
            Add("output", new Usage { OutputTokens = 1 }, entry.Output);
            Add("cache_read", new Usage { InputTokens = 1, CacheReadTokens = 1 }, entry.CacheRead);
            Add("cache_write", new Usage { InputTokens = 1, CacheWriteTokens = 1 }, entry.CacheWrite);
            Add("cache_write_long", new Usage { InputTokens = 1, CacheWriteTokens = 1, CacheWriteLongTokens = 1 }, entry.CacheWriteLong);
            foreach (var step in entry.Steps)
            {
                var longer = step.Above + 1;
                Add($"input above {step.Above}", new Usage { InputTokens = 1, LongestPromptTokens = longer }, step.Input);
                Add($"output above {step.Above}", new Usage { OutputTokens = 1, LongestPromptTokens = longer }, step.Output);
                Add($"cache_read above {step.Above}", new Usage { InputTokens = 1, CacheReadTokens = 1, LongestPromptTokens = longer }, step.CacheRead);
            }

            void Add(string part, in Usage one, decimal? theirs)
            {
                // A list that says 0 for a cache has no price of it.
                if (theirs is not { } listed || (listed == 0 && part.StartsWith("cache", StringComparison.Ordinal))) return;
                var ordinary = Rate(price with { When = [.. price.When.Where(rule => !GoesByTheHour(rule))] }, one, now);
                var other = price with { When = [.. price.When.Select(rule => rule with { Hours = null, Days = null })] };
                if (AreSame(ordinary, listed) || (price.When.Any(GoesByTheHour) && AreSame(Rate(other, one, now), listed))) return;
                found.Add(new PriceDifference(entry, part, ordinary, listed));
            }
        }

        return found;
    }

    private static bool GoesByTheHour(PriceRule rule) => rule.Hours is not null || rule.Days is not null;

    private static bool Serves(CatalogueProvider provider, PriceListEntry entry) =>
        provider.Endpoints.Any(endpoint => endpoint.Kind == (entry.IsEmbedding ? EndpointKind.Embeddings : EndpointKind.Chat));

    private static decimal Rate(ModelPrice price, in Usage one, DateTimeOffset now) =>
        ProviderCost.Of(price with { Request = null }, one, now).Cost.Total * 1_000_000;

    private static bool AreSame(decimal ours, decimal theirs) => Math.Abs(ours - theirs) <= Tolerance * Math.Max(ours, theirs);
}
