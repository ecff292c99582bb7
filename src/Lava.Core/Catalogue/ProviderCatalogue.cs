using System.Buffers;
using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Lava.Core.Catalogue;

/// <summary>All providers, ready for look-ups on the hot path. Immutable.</summary>
public sealed class ProviderCatalogue
{
    private readonly FrozenDictionary<string, Entry[]> _byHost;
    private readonly (string Before, string After, Entry[] Entries)[] _wildcards;
    private readonly FrozenDictionary<string, CatalogueProvider> _byId;
    private readonly FrozenDictionary<string, FrozenDictionary<string, CatalogueModel>> _models;
    private readonly FrozenDictionary<string, ImmutableArray<ModelOffer>> _offers;

    /// <summary>Builds it. The providers are assumed valid (<see cref="CatalogueValidator"/>).</summary>
    public ProviderCatalogue(IReadOnlyList<CatalogueProvider> providers)
    {
        Providers = providers;
        _byId = providers
            .SelectMany(provider => provider.Aliases.Prepend(provider.Id).Select(name => KeyValuePair.Create(name, provider)))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        var entries = providers.SelectMany(provider => provider.Hosts.Select(host => (Host: host, Entries: Entries(provider)))).ToList();
        _byHost = entries.Where(entry => !entry.Host.Contains('*', StringComparison.Ordinal))
            .GroupBy(entry => entry.Host, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(group => group.Key, group => group.SelectMany(entry => entry.Entries).ToArray(), StringComparer.OrdinalIgnoreCase);
        _wildcards = [.. entries.Where(entry => entry.Host.Contains('*', StringComparison.Ordinal)).Select(entry =>
        {
            var star = entry.Host.IndexOf('*', StringComparison.Ordinal);
            return (entry.Host[..star], entry.Host[(star + 1)..], entry.Entries);
        })];
        _models = providers.ToFrozenDictionary(provider => provider.Id, Names, StringComparer.Ordinal);
        Offers = [.. providers.SelectMany(provider => provider.Models.Select(model => new ModelOffer(provider, model)))];
        _offers = Offers
            .SelectMany(offer => offer.Model.Aliases.Prepend(offer.Model.Id).Select(name => (Name: name, Offer: offer)))
            .GroupBy(pair => pair.Name, pair => pair.Offer, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, Ranked, StringComparer.Ordinal);
    }

    /// <summary>All providers.</summary>
    public IReadOnlyList<CatalogueProvider> Providers { get; }

    /// <summary>Every model at every provider that serves it, in the order of <see cref="Providers"/>.</summary>
    public ImmutableArray<ModelOffer> Offers { get; }

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
            if (host.Length > before.Length + after.Length && host.StartsWith(before, StringComparison.OrdinalIgnoreCase) && host.EndsWith(after, StringComparison.OrdinalIgnoreCase)
                && host.AsSpan(before.Length, host.Length - before.Length - after.Length).IndexOfAnyExcept(LabelCharacters) < 0 && TryMatch(wild, method, path, out match)) return true;
        }

        match = default;
        return false;
    }

    /// <summary>A model of a provider by name or alias, with or without the prefix <c>models/</c> that Google's clients send; null where it is unknown.</summary>
    public CatalogueModel? FindModel(CatalogueProvider provider, string name)
    {
        var models = _models[provider.Id];
        return models.TryGetValue(name, out var model) ? model
            : name.StartsWith("models/", StringComparison.Ordinal) ? models.GetValueOrDefault(name[7..])
            : null;
    }

    /// <summary>Who serves a model: the provider that a <c>provider/model</c> name names first, then providers of their own models, then those that this server can hold a key
    /// for, then the cheapest (behaviour.md §3.1). Empty where nobody does.</summary>
    /// <param name="name">A plain name (<c>gpt-4o-mini</c>) or <c>provider/model</c> (<c>anthropic/claude-sonnet-4-6</c>).</param>
    public ImmutableArray<ModelOffer> FindProvidersOf(string name)
    {
        var plain = _offers.TryGetValue(name, out var found) ? found : [];
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || FindProvider(name[..slash]) is not { } provider || FindModel(provider, name[(slash + 1)..]) is not { } model) return plain;
        return [new ModelOffer(provider, model), .. plain.Where(offer => !ReferenceEquals(offer.Model, model))];
    }

    private static SearchValues<char> LabelCharacters { get; } = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

    private static Entry[] Entries(CatalogueProvider provider) => [.. provider.Endpoints.Select(endpoint => new Entry(provider, endpoint, new PathPattern(endpoint.Path)))];

    private static FrozenDictionary<string, CatalogueModel> Names(CatalogueProvider provider) =>
        provider.Models.SelectMany(model => model.Aliases.Prepend(model.Id).Select(name => KeyValuePair.Create(name, model))).ToFrozenDictionary(StringComparer.Ordinal);

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

    private sealed record Entry(CatalogueProvider Provider, ProviderEndpoint Endpoint, PathPattern Pattern);
}
