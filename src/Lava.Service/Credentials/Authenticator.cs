using System.Net;
using Lava.Core.Keys;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Credentials;

/// <summary>Tells whose a secret key is: by its hash, from memory for a few seconds, then from the store. A revocation is seen at once on the instance that
/// made it and within <see cref="KeepTime"/> on the others.</summary>
public sealed class Authenticator(ITableStore tables, GuessBrake brake, TimeProvider time)
{
    /// <summary>How long an answer is kept in memory, the answer that a key is unknown included.</summary>
    public static readonly TimeSpan KeepTime = TimeSpan.FromSeconds(5);

    private readonly TimedCache<KeyHash, SecretKeyIdentity> _kept = new(time, KeepTime, 50_000);

    // Unknown keys are kept apart, so that guesses push nobody's key out.
    private readonly TimedCache<KeyHash, SecretKeyIdentity> _unknown = new(time, KeepTime, 5_000);

    private readonly TimedCache<KeyHash, object> _right = new(time, TimeSpan.FromHours(1), 50_000);

    /// <summary>The identity behind a raw key; null when it is unknown or revoked.</summary>
    public ValueTask<SecretKeyIdentity?> AuthenticateAsync(ReadOnlySpan<char> rawKey, CancellationToken cancellationToken) =>
        AuthenticateAsync(rawKey, null, cancellationToken);

    /// <summary>The identity behind a raw key; null when it is unknown or revoked.</summary>
    /// <param name="rawKey">The key.</param>
    /// <param name="address">Where it comes from; null where that is not known.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <exception cref="TooManyGuessesException">Too many unknown keys came from there.</exception>
    public ValueTask<SecretKeyIdentity?> AuthenticateAsync(ReadOnlySpan<char> rawKey, IPAddress? address, CancellationToken cancellationToken)
    {
        if (rawKey.Length is < 12 or > 200 || !rawKey.StartsWith("aks_", StringComparison.Ordinal)) return default;
        var hash = KeyHash.Of(rawKey);
        if (_kept.TryGet(hash, out var kept)) return new(kept);
        if (!_unknown.TryGet(hash, out _)) return LoadAsync(hash, address, cancellationToken);
        brake.Note(address);
        return default;
    }

    /// <summary>Drops what this instance knows of a credential.</summary>
    public void Forget(string hash)
    {
        var key = KeyHash.Parse(hash);
        _kept.Remove(key);
        _unknown.Remove(key);
    }

    private async ValueTask<SecretKeyIdentity?> LoadAsync(KeyHash hash, IPAddress? address, CancellationToken cancellationToken)
    {
        if (!_right.TryGet(hash, out _) && brake.SecondsToWait(address) is > 0 and var seconds) throw new TooManyGuessesException(seconds);
        var (mark, unknownMark) = (_kept.Mark, _unknown.Mark);
        var row = await tables.GetAsync(TableNames.Credentials, hash.ToHex(), CredentialRow, cancellationToken);
        SecretKeyIdentity? identity = null;
        if (row is not null && Json.Read(row.Data, CredentialsJson.Default.StoredCredential) is { RevokedAt: null } credential)
        {
            var tenant = new Tenant(credential.MerchantId, credential.IsLive ? Mode.Live : Mode.Test);
            identity = new SecretKeyIdentity(tenant, credential.KeyId, Scopes.Of(credential.Scopes));
        }

        if (identity is null)
        {
            _unknown.Set(hash, null, unknownMark);
            brake.Note(address);
            return null;
        }

        _kept.Set(hash, identity, mark);
        _right.Set(hash, this, _right.Mark);
        return identity;
    }

    /// <summary>Row key of every credential.</summary>
    internal const string CredentialRow = "key";
}
