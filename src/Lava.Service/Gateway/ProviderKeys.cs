using System.Collections.Concurrent;
using Lava.Core.Catalogue;
using Lava.Core.Keys;
using Lava.Service.Catalogue;
using Lava.Service.Ports;
using Microsoft.Extensions.Configuration;

namespace Lava.Service.Gateway;

/// <summary>The operator's own keys at the providers: from configuration (<c>Lava:ProviderKeys:&lt;provider&gt;</c>) or the vault (<c>provider-&lt;provider&gt;</c>), kept in memory
/// for a minute. A provider may have several, one in a line (or with commas between): they take turns, and one that the provider slows down rests.</summary>
public sealed class ProviderKeys(IConfiguration configuration, IVault vault, UpstreamMap upstreams, TimeProvider time)
{
    private static readonly TimeSpan KeepTime = TimeSpan.FromMinutes(1);

    private static readonly char[] Separators = ['\n', '\r', ' ', '\t', ','];

    private readonly ConcurrentDictionary<string, (string[] Keys, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _resting = new(StringComparer.Ordinal);
    private int _turn;

    /// <summary>Name of a provider's secret in the vault.</summary>
    public static string SecretName(CatalogueProvider provider) => "provider-" + provider.Id.Replace('_', '-');

    /// <summary>The key for a provider whose turn it is; null where the operator has none.</summary>
    public ValueTask<string?> FindAsync(CatalogueProvider provider, CancellationToken cancellationToken) =>
        _known.TryGetValue(provider.Id, out var known) && known.Until > time.GetUtcNow()
            ? ValueTask.FromResult(Pick(known.Keys))
            : LoadAsync(provider, cancellationToken);

    /// <summary>Whether the operator has a key for a provider; nobody's turn passes.</summary>
    public async ValueTask<bool> HasAsync(CatalogueProvider provider, CancellationToken cancellationToken)
    {
        if (!_known.TryGetValue(provider.Id, out var known) || known.Until <= time.GetUtcNow()) return await LoadAsync(provider, cancellationToken) is not null;
        return known.Keys.Length > 0;
    }

    /// <summary>Has a key rest, because the provider has answered 429 to it.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="key">The key.</param>
    /// <param name="wait">How long.</param>
    /// <returns>Another of the provider's keys that does not rest; null where there is none.</returns>
    public string? Rest(CatalogueProvider provider, string key, TimeSpan wait)
    {
        if (!_known.TryGetValue(provider.Id, out var known) || known.Keys.Length < 2) return null;
        _resting[key] = time.GetUtcNow() + wait;
        return Pick(known.Keys) is { } other && other != key && !IsResting(other) ? other : null;
    }

    /// <summary>Whether test-mode calls of a provider are answered by the sandbox: unless the operator has configured the provider by a key or an upstream address,
    /// a test key reaches nothing that costs money.</summary>
    public bool IsSandboxed(Mode mode, CatalogueProvider provider, string? managedKey) =>
        mode == Mode.Test && managedKey is null && !upstreams.IsRedirected(provider);

    private async ValueTask<string?> LoadAsync(CatalogueProvider provider, CancellationToken cancellationToken)
    {
        var given = configuration["Lava:ProviderKeys:" + provider.Id];
        if (string.IsNullOrWhiteSpace(given)) given = await vault.GetAsync(SecretName(provider), cancellationToken);
        var keys = given?.Split(Separators, StringSplitOptions.RemoveEmptyEntries) ?? [];
        _known[provider.Id] = (keys, time.GetUtcNow() + KeepTime);
        return Pick(keys);
    }

    private string? Pick(string[] keys)
    {
        if (keys.Length < 2) return keys.Length == 0 ? null : keys[0];
        var first = (int)((uint)Interlocked.Increment(ref _turn) % (uint)keys.Length);
        for (var i = 0; i < keys.Length; i++)
        {
            var key = keys[(first + i) % keys.Length];
            if (!IsResting(key)) return key;
        }

        return keys[first];
    }

    private bool IsResting(string key)
    {
        if (!_resting.TryGetValue(key, out var until)) return false;
        if (until > time.GetUtcNow()) return true;
        _resting.TryRemove(KeyValuePair.Create(key, until));
        return false;
    }
}
