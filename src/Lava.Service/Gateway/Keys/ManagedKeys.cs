using Lava.Core.Catalogue;
using Lava.Service.Ports.Vault;
using Microsoft.Extensions.Configuration;

namespace Lava.Service.Gateway.Keys;

/// <summary>The operator's own keys at the providers: from configuration (<c>Lava:ProviderKeys:&lt;provider&gt;</c>) or the vault
/// (<c>provider-&lt;provider&gt;</c>), kept in memory for a minute. A provider may have several, one in a line (or with commas between).</summary>
public sealed class ManagedKeys(IConfiguration configuration, IVault vault, TimeProvider time)
{
    private static readonly char[] Separators = ['\n', '\r', ' ', '\t', ','];

    private readonly KeyRings _rings = new(time);

    /// <summary>Name of a provider's secret in the vault.</summary>
    public static string SecretName(CatalogueProvider provider) => "provider-" + provider.Id.Replace('_', '-');

    /// <summary>The keys for a provider; null where the operator has none. Nobody's turn passes.</summary>
    public ValueTask<KeyRing?> FindAsync(CatalogueProvider provider, CancellationToken cancellationToken) =>
        _rings.TryGet(provider.Id, out var known) ? ValueTask.FromResult(known) : LoadAsync(provider, cancellationToken);

    private async ValueTask<KeyRing?> LoadAsync(CatalogueProvider provider, CancellationToken cancellationToken)
    {
        var given = configuration["Lava:ProviderKeys:" + provider.Id];
        if (string.IsNullOrWhiteSpace(given)) given = await vault.GetAsync(SecretName(provider), cancellationToken);
        return _rings.Set(provider.Id, given?.Split(Separators, StringSplitOptions.RemoveEmptyEntries) ?? []);
    }
}
