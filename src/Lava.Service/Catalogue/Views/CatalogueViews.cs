using Lava.Core.Catalogue;

namespace Lava.Service.Catalogue.Views;

/// <summary>The catalogue as the API shows it (rest-api.md §15).</summary>
internal static class CatalogueViews
{
    private const string List = "list";

    /// <summary>The models list: each name once, as clients expect, owned by who makes the model where that is known.</summary>
    /// <param name="catalogue">The catalogue.</param>
    /// <param name="isAllowed">Which offers the caller may see; null for all. A spend key's list has only what the key may call.</param>
    public static ModelList Models(ProviderCatalogue catalogue, Func<ModelOffer, bool>? isAllowed = null) =>
        new(List, [.. catalogue.Offers
            .Where(offer => isAllowed?.Invoke(offer) ?? true)
            .GroupBy(offer => offer.Model.Id, StringComparer.Ordinal)
            .Select(offers => Model(offers.OrderByDescending(offer => offer.Provider.FirstParty).First()))]);

    /// <summary>One model of the list.</summary>
    public static ModelEntry Model(ModelOffer offer) => new(offer.Model.Id, "model", offer.Model.Created, offer.Provider.Id);

    /// <summary>The services of all providers, or of one; empty where there is no such provider.</summary>
    public static ServiceList Services(ProviderCatalogue catalogue, string? providerId)
    {
        IReadOnlyList<CatalogueProvider> providers = providerId is null ? catalogue.Providers : catalogue.FindProvider(providerId) is { } one ? [one] : [];
        return new ServiceList(List, [.. providers.SelectMany(Services)], [.. providers.Select(Summary)]);
    }

    /// <summary>A provider in short.</summary>
    public static ProviderSummary Summary(CatalogueProvider provider) => new(
        provider.Id,
        provider.Label,
        provider.ApiReference,
        provider.ServiceType,
        provider.Managed,
        provider.Models.Count + provider.Endpoints.Count(IsService));

    /// <summary>Providers that keywords name, best first: by their own name before their label, and by these before what they serve. Every keyword must be
    /// found.</summary>
    /// <param name="catalogue">The catalogue.</param>
    /// <param name="query">Keywords between blanks; none finds nothing.</param>
    /// <param name="category">Only providers of this service type; null for all.</param>
    public static ProviderList Search(ProviderCatalogue catalogue, string? query, string? category)
    {
        var words = (query ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length == 0) return new ProviderList(List, []);
        var found = catalogue.Providers
            .Where(provider => category is null || provider.ServiceType.Equals(category, StringComparison.OrdinalIgnoreCase))
            .Select(provider => (Provider: provider, Ranks: words.Select(word => Rank(provider, word)).ToArray()))
            .Where(entry => entry.Ranks.All(rank => rank > 0))
            .OrderByDescending(entry => entry.Ranks.Sum())
            .ThenBy(entry => entry.Provider.Id, StringComparer.Ordinal)
            .Select(entry => Summary(entry.Provider));
        return new ProviderList(List, [.. found]);
    }

    private static int Rank(CatalogueProvider provider, string word)
    {
        if (provider.Aliases.Prepend(provider.Id).Any(name => name.Equals(word, StringComparison.OrdinalIgnoreCase))) return 100;
        if (provider.Aliases.Prepend(provider.Id).Any(name => name.StartsWith(word, StringComparison.OrdinalIgnoreCase))) return 50;
        if (provider.Label.Contains(word, StringComparison.OrdinalIgnoreCase) || provider.Id.Contains(word, StringComparison.OrdinalIgnoreCase)) return 25;
        if (provider.Models.Any(model => model.Aliases.Prepend(model.Id).Any(name => name.Equals(word, StringComparison.OrdinalIgnoreCase)))) return 10;
        if (provider.Models.Any(model => model.Id.Contains(word, StringComparison.OrdinalIgnoreCase))) return 5;
        return provider.Endpoints.Any(endpoint => Kind(endpoint.Kind).Contains(word, StringComparison.OrdinalIgnoreCase))
            || provider.Models.Any(model => model.Capabilities.Contains(word, StringComparer.OrdinalIgnoreCase))
            ? 1
            : 0;
    }

    private static IEnumerable<ServiceEntry> Services(CatalogueProvider provider)
    {
        foreach (var model in provider.Models)
        {
            var endpoints = provider.Endpoints.Where(endpoint => endpoint.Kind == model.Kind && endpoint.Has(model)).ToList();
            var endpoint = endpoints.Find(endpoint => !endpoint.Streams) ?? endpoints.FirstOrDefault();
            yield return Entry(provider, endpoint, model.Id, "model", Pricing(model), [Kind(model.Kind), .. model.Capabilities])
                with { Sources = new ModelOffer(provider, model).Sources };
        }

        foreach (var endpoint in provider.Endpoints.Where(IsService))
        {
            var pricing = new ServicePricing { Type = "request", CostPerRequest = endpoint.RequestPrice };
            yield return Entry(provider, endpoint, $"{endpoint.Method} {endpoint.Path}", "endpoint", pricing, [Kind(endpoint.Kind)]);
        }
    }

    private static ServiceEntry Entry(
        CatalogueProvider provider,
        ProviderEndpoint? endpoint,
        string id,
        string kind,
        ServicePricing pricing,
        IReadOnlyList<string> capabilities)
    {
        var address = endpoint is null ? null : new Uri(provider.BaseUrl).GetLeftPart(UriPartial.Authority) + endpoint.Path;
        var hasHole = address?.Contains('{', StringComparison.Ordinal) == true;
        return new ServiceEntry
        {
            Id = id,
            Type = kind,
            Provider = provider.Id,
            ProviderLabel = provider.Label,
            ApiReference = provider.ApiReference,
            Endpoint = hasHole ? null : address,
            Method = endpoint?.Method,
            UrlTemplate = hasHole ? address : null,
            ServiceType = provider.ServiceType,
            Managed = provider.Managed,
            Pricing = pricing,
            Capabilities = capabilities,
        };
    }

    private static ServicePricing Pricing(CatalogueModel model)
    {
        var price = model.Price;
        var hasMedia = (price.AudioInput ?? price.AudioOutput ?? price.ImageInput ?? price.ImageOutput) is not null;
        var (type, input, output) = price switch
        {
            { Input: not null } => ("tokens_1m", price.Input, price.Output),
            { Characters: not null } => ("characters_1m", price.Characters, null),
            { Minute: not null } => ("minute", price.Minute, null),
            { Image: not null } => ("image", null, price.Image),
            { Search: not null } => ("searches_1k", price.Search, null),
            _ => ("request", (decimal?)null, (decimal?)null),
        };
        return new ServicePricing
        {
            Type = type,
            Input = input,
            Output = output,
            CacheInputRead = price.CacheRead,
            CacheInputWrite = price.CacheWrite,
            CostPerRequest = price.Request,
            Text = hasMedia ? Part(price.Input, price.Output) : null,
            Audio = Part(price.AudioInput, price.AudioOutput),
            Image = Part(price.ImageInput, price.ImageOutput),
        };
    }

    private static PartPricing? Part(decimal? input, decimal? output) => input is null && output is null ? null : new PartPricing(input, output);

    /// <summary>Whether an endpoint is a service of its own: one with a price that no model decides.</summary>
    private static bool IsService(ProviderEndpoint endpoint) => endpoint.RequestPrice is not null;

    private static string Kind(EndpointKind kind) => kind switch
    {
        EndpointKind.Chat => "chat",
        EndpointKind.Completion => "completion",
        EndpointKind.Embeddings => "embeddings",
        EndpointKind.Speech => "speech",
        EndpointKind.Transcription => "transcription",
        EndpointKind.Images => "images",
        EndpointKind.Moderation => "moderation",
        EndpointKind.Rerank => "rerank",
        EndpointKind.CountTokens => "count_tokens",
        EndpointKind.Metadata => "metadata",
        EndpointKind.Files => "files",
        EndpointKind.Batches => "batches",
        EndpointKind.BatchResults => "batch_results",
        _ => "api",
    };
}
