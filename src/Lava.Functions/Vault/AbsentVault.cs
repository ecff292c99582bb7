using Lava.Service.Ports.Vault;

namespace Lava.Functions.Vault;

/// <summary>No vault is configured: nothing is kept, rather than kept where others can read it.</summary>
public sealed class AbsentVault : IVault
{
    /// <inheritdoc />
    public ValueTask<string?> GetAsync(string name, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);

    /// <inheritdoc />
    public ValueTask SetAsync(string name, string value, CancellationToken cancellationToken) =>
        throw new VaultException("Secrets are stored only in Key Vault. Set KeyVault__Uri to the address of a vault.");

    /// <inheritdoc />
    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
