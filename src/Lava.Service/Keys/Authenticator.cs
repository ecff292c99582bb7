using Lava.Core.Keys;
using Lava.Service.Ports;
using Lava.Service.Storage;

namespace Lava.Service.Keys;

/// <summary>Tells whose a secret key is: by its hash, from memory for a few seconds, then from the store. A revocation is seen at once on the instance that made it and
/// within <see cref="KeepTime"/> on the others.</summary>
public sealed class Authenticator(ITableStore tables, TimeProvider time)
{
    /// <summary>How long an answer is kept in memory, the answer that a key is unknown included.</summary>
    public static readonly TimeSpan KeepTime = TimeSpan.FromSeconds(5);

    private readonly TimedCache<KeyHash, SecretKeyIdentity> _kept = new(time, KeepTime, 50_000);

    /// <summary>The identity behind a raw key; null when it is unknown or revoked.</summary>
    public ValueTask<SecretKeyIdentity?> AuthenticateAsync(ReadOnlySpan<char> rawKey, CancellationToken cancellationToken)
    {
        if (rawKey.Length is < 12 or > 200 || !rawKey.StartsWith("aks_", StringComparison.Ordinal)) return default;
        var hash = KeyHash.Of(rawKey);
        return _kept.TryGet(hash, out var kept) ? new(kept) : LoadAsync(hash, cancellationToken);
    }

    /// <summary>Drops what this instance knows of a credential.</summary>
    public void Forget(string hash) => _kept.Remove(KeyHash.Parse(hash));

    private async ValueTask<SecretKeyIdentity?> LoadAsync(KeyHash hash, CancellationToken cancellationToken)
    {
        var mark = _kept.Mark;
        var row = await tables.GetAsync(Tables.Credentials, hash.ToHex(), CredentialRow, cancellationToken);
        SecretKeyIdentity? identity = null;
        if (row is not null && Json.Read(row.Data, KeysJson.Default.StoredCredential) is { RevokedAt: null } credential)
            identity = new SecretKeyIdentity(new Tenant(credential.MerchantId, credential.IsLive ? Mode.Live : Mode.Test), credential.KeyId);
        _kept.Set(hash, identity, mark);
        return identity;
    }

    /// <summary>Row key of every credential.</summary>
    internal const string CredentialRow = "key";
}
