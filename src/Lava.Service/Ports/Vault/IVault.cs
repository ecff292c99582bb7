namespace Lava.Service.Ports.Vault;

/// <summary>Keeps secrets that must be read back: provider keys, webhook signing secrets. Never logged, never returned by an endpoint.
/// Every member throws <see cref="VaultException"/> where the vault cannot be reached.</summary>
public interface IVault
{
    /// <summary>Reads a secret; null where there is none.</summary>
    ValueTask<string?> GetAsync(string name, CancellationToken cancellationToken);

    /// <summary>Stores a secret, replacing one of that name. Names have 1 to 127 ASCII letters, digits and hyphens (Key Vault's rule).</summary>
    ValueTask SetAsync(string name, string value, CancellationToken cancellationToken);

    /// <summary>Removes a secret; nothing happens where there is none.</summary>
    ValueTask DeleteAsync(string name, CancellationToken cancellationToken);
}
