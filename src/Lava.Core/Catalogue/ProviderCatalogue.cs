using System.Buffers;
using System.Collections.Frozen;

namespace Lava.Core.Catalogue;

/// <summary>All providers, ready for look-ups on the hot path. Immutable.</summary>
public sealed class ProviderCatalogue
{
    private readonly FrozenDictionary<string, Entry[]> _byHost;
    private readonly (string Before, string After, Entry[] Entries)[] _wildcards;
    private readonly FrozenDictionary<string, CatalogueProvider> _byId;
    private readonly FrozenDictionary<string, FrozenDictionary<string, CatalogueModel>> _models;

    /// <summary>Builds it. The providers are assumed valid (<see cref="CatalogueValidator"/>).</summary>
    public ProviderCatalogue(IReadOnlyList<CatalogueProvider> providers)
    {
        Providers = providers;
        _byId = providers.ToFrozenDictionary(provider => provider.Id, StringComparer.Ordinal);
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
    }

    /// <summary>All providers.</summary>
    public IReadOnlyList<CatalogueProvider> Providers { get; }

    /// <summary>A provider by id; null where there is none.</summary>
    public CatalogueProvider? FindProvider(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The endpoint that an address belongs to; false for an address that is in no catalogue entry, which is refused.</summary>
    public bool TryResolve(string method, string host, string path, out EndpointMatch match)
    {
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

    private static SearchValues<char> LabelCharacters { get; } = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

    private static Entry[] Entries(CatalogueProvider provider) => [.. provider.Endpoints.Select(endpoint => new Entry(provider, endpoint, new PathPattern(endpoint.Path)))];

    private static FrozenDictionary<string, CatalogueModel> Names(CatalogueProvider provider) =>
        provider.Models.SelectMany(model => model.Aliases.Prepend(model.Id).Select(name => KeyValuePair.Create(name, model))).ToFrozenDictionary(StringComparer.Ordinal);

    private static bool TryMatch(Entry[] entries, string method, string path, out EndpointMatch match)
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
