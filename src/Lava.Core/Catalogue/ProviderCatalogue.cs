using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Lava.Core.Catalogue;

/// <summary>All providers, ready for look-ups on the hot path. Immutable. Plain dictionaries: frozen ones are hardly faster to read at this size, and building
/// them was half of the catalogue's part of a cold start. What only some calls ask for is made when the first of them comes.</summary>
public sealed class ProviderCatalogue
{
    /// <summary>How many names that nobody has are remembered, such as those with a provider before them: there is no end of what callers may write.</summary>
    private const int MostUnknownNames = 2_000;

    private readonly Dictionary<string, Entry[]> _byHost = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Wildcard> _wildcards = [];
    private readonly Dictionary<string, CatalogueProvider> _byId = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Lazy<Dictionary<string, CatalogueModel>>> _models = new(StringComparer.Ordinal);
    private readonly Lazy<ImmutableArray<ModelOffer>> _offers;
    private int _unknownNames;
    private readonly ConcurrentDictionary<string, ImmutableArray<ModelOffer>> _offersByName = new(StringComparer.Ordinal);

    /// <summary>Builds it. The providers are assumed valid (<see cref="CatalogueValidator"/>).</summary>
    public ProviderCatalogue(IReadOnlyList<CatalogueProvider> providers)
    {
        Providers = providers;
        foreach (var provider in providers)
        {
            _byId[provider.Id] = provider;
            foreach (var alias in provider.Aliases) _byId[alias] = provider;
            _models[provider.Id] = new(() => Names(provider));
            foreach (var host in provider.Hosts) Add(host, Entries(provider));
        }

        _offers = new(() => [.. providers.SelectMany(provider => provider.Models.Select(model => new ModelOffer(provider, model)))]);
    }

    /// <summary>All providers.</summary>
    public IReadOnlyList<CatalogueProvider> Providers { get; }

    /// <summary>Every model at every provider that serves it, in the order of <see cref="Providers"/>.</summary>
    public ImmutableArray<ModelOffer> Offers => _offers.Value;

    /// <summary>A provider by id or another name of it, in any case; null where there is none.</summary>
    public CatalogueProvider? FindProvider(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The endpoint that an address belongs to; false for an address that is in no catalogue entry, which is refused.</summary>
    /// <param name="method">HTTP method in upper case.</param>
    /// <param name="host">Host without a port, any case.</param>
    /// <param name="path">Path as on the wire, without the query. A doubled or final slash or a dot segment never matches.</param>
    /// <param name="match">The endpoint, if the result is true.</param>
    public bool TryResolve(string method, string host, ReadOnlySpan<char> path, out EndpointMatch match)
    {
        match = default;
        if (!PathPattern.IsPlain(path)) return false;
        if (_byHost.TryGetValue(host, out var entries) && TryMatch(entries, method, path, out match)) return true;
        foreach (var (before, after, wild) in _wildcards)
        {
            if (host.Length > before.Length + after.Length
                && host.StartsWith(before, StringComparison.OrdinalIgnoreCase)
                && host.EndsWith(after, StringComparison.OrdinalIgnoreCase)
                && host.AsSpan(
                    before.Length,
                    host.Length - before.Length - after.Length).IndexOfAnyExcept(LabelCharacters) < 0 && TryMatch(wild, method, path, out match))
                    return true;
        }

        match = default;
        return false;
    }

    /// <summary>A model of a provider by name or alias, with or without the prefix <c>models/</c> that Google's clients send; null where it is
    /// unknown.</summary>
    public CatalogueModel? FindModel(CatalogueProvider provider, string name)
    {
        var models = _models[provider.Id].Value;
        return models.TryGetValue(name, out var model) ? model
            : name.StartsWith("models/", StringComparison.Ordinal) ? models.GetValueOrDefault(name[7..])
            : null;
    }

    /// <summary>Who serves a model: the provider that a <c>provider/model</c> name names first, then providers of their own models, then those that this server
    /// can hold a key for, then the cheapest (behaviour.md §3.1). Empty where nobody does.</summary>
    /// <param name="name">A plain name (<c>gpt-4o-mini</c>) or <c>provider/model</c> (<c>anthropic/claude-sonnet-4-6</c>).</param>
    public ImmutableArray<ModelOffer> FindProvidersOf(string name)
    {
        var plain = OffersOf(name);
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || FindProvider(name[..slash]) is not { } provider || FindModel(provider, name[(slash + 1)..]) is not { } model) return plain;
        return [new ModelOffer(provider, model), .. plain.Where(offer => !ReferenceEquals(offer.Model, model))];
    }

    /// <summary>Who serves a model of this name, best first. Only providers that may have it are looked through, so that the models of the others need not be
    /// read.</summary>
    private ImmutableArray<ModelOffer> OffersOf(string name)
    {
        if (_offersByName.TryGetValue(name, out var known)) return known;
        var offers = new List<ModelOffer>();
        foreach (var provider in Providers)
        {
            if (LazyModels.MayHave(provider, name) && _models[provider.Id].Value.TryGetValue(name, out var model)) offers.Add(new ModelOffer(provider, model));
        }

        if (offers.Count == 0 && Interlocked.Increment(ref _unknownNames) > MostUnknownNames) return [];
        return _offersByName.GetOrAdd(name, Ranked(offers));
    }

    private static SearchValues<char> LabelCharacters { get; } = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

    private static Entry[] Entries(CatalogueProvider provider) =>
        [.. provider.Endpoints.Select(endpoint => new Entry(provider, endpoint, new PathPattern(endpoint.Path)))];

    private static Dictionary<string, CatalogueModel> Names(CatalogueProvider provider)
    {
        var names = new Dictionary<string, CatalogueModel>(StringComparer.Ordinal);
        foreach (var model in provider.Models)
        {
            names[model.Id] = model;
            foreach (var alias in model.Aliases) names[alias] = model;
        }

        return names;
    }

    private void Add(string host, Entry[] entries)
    {
        // The star stands for one label.
        var star = host.IndexOf('*', StringComparison.Ordinal);
        if (star >= 0) _wildcards.Add(new Wildcard(host[..star], host[(star + 1)..], entries));
        else _byHost[host] = _byHost.TryGetValue(host, out var others) ? [.. others, .. entries] : entries;
    }

    private static ImmutableArray<ModelOffer> Ranked(IEnumerable<ModelOffer> offers) =>
    [
        .. offers
            .OrderByDescending(offer => offer.Provider.FirstParty)
            .ThenByDescending(offer => offer.Provider.Managed)
            .ThenBy(offer => (offer.Model.Price.Input ?? 0) + (offer.Model.Price.Output ?? 0))
            .ThenBy(offer => offer.Provider.Id, StringComparer.Ordinal),
    ];

    private static bool TryMatch(Entry[] entries, string method, ReadOnlySpan<char> path, out EndpointMatch match)
    {
        foreach (var entry in entries)
        {
            if ((entry.Endpoint.Method == "*" || entry.Endpoint.Method.Equals(method, StringComparison.Ordinal)) && entry.Pattern.IsMatch(path, out var model))
            {
                match = new EndpointMatch(entry.Provider, entry.Endpoint, model);
                return true;
            }
        }

        match = default;
        return false;
    }

    private sealed record Wildcard(string Before, string After, Entry[] Entries);

    private sealed record Entry(CatalogueProvider Provider, ProviderEndpoint Endpoint, PathPattern Pattern);
}
