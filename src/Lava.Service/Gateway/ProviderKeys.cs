using System.Collections.Concurrent;
using Lava.Core.Catalogue;
using Lava.Core.Keys;
using Lava.Service.Catalogue;
using Lava.Service.Ports;
using Microsoft.Extensions.Configuration;

namespace Lava.Service.Gateway;

/// <summary>The operator's own keys at the providers: from configuration (<c>Lava:ProviderKeys:&lt;provider&gt;</c>) or the vault (<c>provider-&lt;provider&gt;</c>), kept in memory
/// for a minute.</summary>
public sealed class ProviderKeys(IConfiguration configuration, IVault vault, UpstreamMap upstreams, TimeProvider time)
{
    private static readonly TimeSpan KeepTime = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (string? Key, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    /// <summary>The key for a provider; null where the operator has none.</summary>
    public ValueTask<string?> FindAsync(CatalogueProvider provider, CancellationToken cancellationToken) =>
        _known.TryGetValue(provider.Id, out var known) && known.Until > time.GetUtcNow()
            ? ValueTask.FromResult(known.Key)
            : LoadAsync(provider, cancellationToken);

    /// <summary>Whether test-mode calls of a provider are answered by the sandbox: unless the operator has configured the provider by a key or an upstream address,
    /// a test key reaches nothing that costs money.</summary>
    public bool IsSandboxed(Mode mode, CatalogueProvider provider, string? managedKey) =>
        mode == Mode.Test && managedKey is null && !upstreams.IsRedirected(provider);

    private async ValueTask<string?> LoadAsync(CatalogueProvider provider, CancellationToken cancellationToken)
    {
        var key = configuration["Lava:ProviderKeys:" + provider.Id];
        if (string.IsNullOrEmpty(key)) key = await vault.GetAsync("provider-" + provider.Id, cancellationToken);
        _known[provider.Id] = (string.IsNullOrEmpty(key) ? null : key, time.GetUtcNow() + KeepTime);
        return string.IsNullOrEmpty(key) ? null : key;
    }
}
