using System.Collections.Frozen;
using Lava.Core.Catalogue;
using Microsoft.Extensions.Configuration;

namespace Lava.Service.Catalogue;

/// <summary>Where calls to a provider really go: to the provider, or to the address that the operator has put in its place
/// (<c>Lava:Upstreams:&lt;provider&gt;</c>: a regional endpoint, a company proxy, a test server). Only here may an address be http, an IP address or
/// private.</summary>
internal sealed class UpstreamMap
{
    private readonly FrozenDictionary<string, Uri> _redirects;

    /// <summary>Reads the operator's addresses.</summary>
    /// <param name="configuration">Has <c>Lava:Upstreams:&lt;provider&gt;</c>; another name of a provider will do.</param>
    /// <param name="catalogue">The providers; a redirect of one that is not there is a fault, lest a misspelt one send calls to the provider itself.</param>
    /// <exception cref="InvalidOperationException">One is not an absolute http or https address without user, query and fragment.</exception>
    public UpstreamMap(IConfiguration configuration, ProviderCatalogue catalogue)
    {
        var redirects = new Dictionary<string, Uri>(StringComparer.Ordinal);
        foreach (var entry in configuration.GetSection("Lava:Upstreams").GetChildren())
        {
            if (string.IsNullOrEmpty(entry.Value)) continue;
            if (!Uri.TryCreate(entry.Value, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")
                || address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
                throw new InvalidOperationException($"Lava:Upstreams:{entry.Key} is not an absolute http or https address without user, query and fragment.");
            var provider = catalogue.FindProvider(entry.Key)
                ?? throw new InvalidOperationException($"Lava:Upstreams:{entry.Key}: the catalogue has no such provider.");
            redirects[provider.Id] = address;
        }

        _redirects = redirects.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Whether the operator has put an address in place of a provider's.</summary>
    public bool IsRedirected(CatalogueProvider provider) => _redirects.ContainsKey(provider.Id);

    /// <summary>Where a call goes: the redirect's scheme, host and port, its path as a prefix, and the call's path and query.</summary>
    public Uri Resolve(CatalogueProvider provider, Uri url) =>
        _redirects.TryGetValue(provider.Id, out var to) ? new Uri(to.GetLeftPart(UriPartial.Path).TrimEnd('/') + url.PathAndQuery) : url;
}
