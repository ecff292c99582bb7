using Lava.Core.Catalogue;
using Lava.Core.Keys;
using Lava.Service.Accounts.ProviderKeys;
using Lava.Service.Ports.Vault;

namespace Lava.Service.Gateway.Keys;

/// <summary>Merchants' stored keys as calls take them: kept in memory for a minute by the name of their secret, which changes with the keys.</summary>
internal sealed class StoredKeyRings(StoredKeyStore store, IVault vault, TimeProvider time)
{
    private readonly KeyRings _rings = new(time);

    /// <summary>Whether a merchant has stored keys for a provider. The vault is not asked.</summary>
    public async ValueTask<bool> HasAsync(Tenant tenant, CatalogueProvider provider, CancellationToken cancellationToken) =>
        await store.FindCachedAsync(tenant, provider.Id, cancellationToken) is not null;

    /// <summary>A merchant's keys for a provider; null where none are stored.</summary>
    /// <exception cref="VaultException">They are stored and the vault does not give them: the operator's keys, which cost the merchant's wallet, must not take
    /// their place.</exception>
    public async ValueTask<KeyRing?> FindAsync(Tenant tenant, CatalogueProvider provider, CancellationToken cancellationToken)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            if (await store.FindCachedAsync(tenant, provider.Id, cancellationToken) is not { } set) return null;
            if (_rings.TryGet(set.Secret, out var known)) return known;
            if (await vault.GetAsync(set.Secret, cancellationToken) is { Length: > 0 } keys)
                return _rings.Set(set.Secret, keys.Split(StoredKeyStore.Separator));

            // Another instance has set others since the row was read; if the row still names this secret, somebody has taken it out of the vault.
            if (!isFirst) throw new VaultException($"The vault lacks the secret {set.Secret}, which contains a merchant's stored keys.");
            store.Forget(tenant);
        }
    }
}
