using System.Collections.Concurrent;
using Azure;
using Azure.Security.KeyVault.Secrets;
using Lava.Service.Ports;

namespace Lava.Functions.Vault;

/// <summary>Secrets in Key Vault, read from memory for a minute: a vault takes 4,000 reads in ten seconds (Microsoft Learn, "Azure Key Vault service limits"), and the gateway
/// needs a key with every call.</summary>
public sealed class KeyVaultVault(SecretClient client, TimeProvider time) : IVault
{
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (string? Value, DateTimeOffset ReadAt)> _read = new(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc />
    public async ValueTask<string?> GetAsync(string name, CancellationToken cancellationToken)
    {
        if (_read.TryGetValue(name, out var known) && time.GetUtcNow() - known.ReadAt < Freshness) return known.Value;
        string? value;
        try
        {
            var secret = await client.GetSecretAsync(name, null, cancellationToken);
            value = secret.Value.Value;
        }
        catch (RequestFailedException fault) when (fault.Status == 404)
        {
            value = null;
        }

        _read[name] = (value, time.GetUtcNow());
        return value;
    }

    /// <inheritdoc />
    public async ValueTask SetAsync(string name, string value, CancellationToken cancellationToken)
    {
        try
        {
            await client.SetSecretAsync(name, value, cancellationToken);
        }
        catch (RequestFailedException fault) when (fault.Status == 409)
        {
            // A deleted secret keeps its name until it is purged, which a vault may forbid: bring it back, then replace it.
            var recovery = await client.StartRecoverDeletedSecretAsync(name, cancellationToken);
            await recovery.WaitForCompletionAsync(cancellationToken);
            await client.SetSecretAsync(name, value, cancellationToken);
        }

        _read[name] = (value, time.GetUtcNow());
    }

    /// <inheritdoc />
    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await client.StartDeleteSecretAsync(name, cancellationToken);
        }
        catch (RequestFailedException fault) when (fault.Status == 404)
        {
            // There is none, which is what was asked for.
        }

        _read[name] = (null, time.GetUtcNow());
    }
}
