using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.SpendKeys;
using Lava.Service.Api.Lists;
using Lava.Service.Credentials;
using Lava.Service.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Accounts.SpendKeys;

/// <summary>A tenant's spend keys. The key's own row names the hash that is valid, so that a rotation takes effect in one write: a credential whose hash is not
/// the row's is dead.</summary>
public sealed class SpendKeyStore(ITableStore tables, GuessBrake brake, TimeProvider time)
{
    /// <summary>Prefix of ids.</summary>
    public const string Prefix = "spk";

    /// <summary>What raw keys start with.</summary>
    public const string RawPrefix = "lava_sk_";

    private const string RowPrefix = "spend-key|";

    private readonly TimedCache<string, SpendKeyIdentity> _kept = new(time, Authenticator.KeepTime, 50_000);

    // Unknown keys are kept apart, so that guesses push nobody's key out.
    private readonly TimedCache<string, SpendKeyIdentity> _unknown = new(time, Authenticator.KeepTime, 5_000);

    private readonly TimedCache<string, object> _right = new(time, TimeSpan.FromHours(1), 50_000);

    /// <summary>A new raw key.</summary>
    public static string NewRaw() => RawPrefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>The key with another raw value.</summary>
    public static SpendKey WithRaw(SpendKey key, string raw) => key with { Hash = RawKey.Hash(raw), Preview = raw[..(RawPrefix.Length + 8)] + "****" };

    /// <summary>Adds a key.</summary>
    public async ValueTask AddAsync(Tenant tenant, SpendKey key, CancellationToken cancellationToken)
    {
        await WriteCredentialAsync(tenant, key, cancellationToken);
        await tables.CommitAsync(TableNames.Resources, tenant.Partition, [TableWrite.Insert(Row(key.Id), Write(key))], cancellationToken);
    }

    /// <summary>A key with its version; null where there is none or it is revoked.</summary>
    public async ValueTask<(SpendKey Key, string ETag)?> FindAsync(Tenant tenant, string id, CancellationToken cancellationToken)
    {
        if (!Id.TryGetUlid(id, Prefix, tenant.Mode, out _)) return null;
        var row = await tables.GetAsync(TableNames.Resources, tenant.Partition, Row(id), cancellationToken);
        return row is null ? null : (Json.Read(row.Data, SpendKeysJson.Default.SpendKey), row.ETag);
    }

    /// <summary>Keys, newest first; up to one more than the page's limit. Null where the cursor is none of this list.</summary>
    public async ValueTask<IReadOnlyList<SpendKey>?> ListAsync(Tenant tenant, ListQuery page, CancellationToken cancellationToken)
    {
        var rows = await RowPaging.ReadAsync(tables, TableNames.Resources, tenant.Partition, RowPrefix, Prefix, tenant.Mode, page, cancellationToken);
        return rows is null ? null : [.. rows.Select(row => Json.Read(row.Data, SpendKeysJson.Default.SpendKey))];
    }

    /// <summary>Replaces a key of that version; false if it changed meanwhile. With another hash the old raw value is dead at once.</summary>
    public async ValueTask<bool> ReplaceAsync(Tenant tenant, SpendKey before, SpendKey after, string etag, CancellationToken cancellationToken)
    {
        // The new credential first: until the key's row names its hash it is dead, and a crash in between leaves the old one working.
        if (after.Hash != before.Hash) await WriteCredentialAsync(tenant, after, cancellationToken);
        var isDone = await CommitAsync(tenant, before, [TableWrite.Replace(Row(after.Id), Write(after), etag)], cancellationToken);
        if (isDone && after.Hash != before.Hash) await DeleteCredentialAsync(before.Hash);
        return isDone;
    }

    /// <summary>Revokes a key of that version; false if it changed meanwhile. Its usage is kept.</summary>
    public async ValueTask<bool> RevokeAsync(Tenant tenant, SpendKey key, string etag, CancellationToken cancellationToken)
    {
        var isDone = await CommitAsync(
            tenant,
            key,
            [TableWrite.Delete(Row(key.Id), etag), TableWrite.Put("revoked-" + Row(key.Id), Write(key))],
            cancellationToken);
        if (isDone) await DeleteCredentialAsync(key.Hash);
        return isDone;
    }

    /// <summary>The key behind a raw value, paused and expired ones included; null where it is unknown, rotated or revoked. From memory for a few
    /// seconds.</summary>
    public ValueTask<SpendKeyIdentity?> AuthenticateAsync(string raw, CancellationToken cancellationToken) => AuthenticateAsync(raw, null, cancellationToken);

    /// <summary>The key behind a raw value, paused and expired ones included; null where it is unknown, rotated or revoked. From memory for a few
    /// seconds.</summary>
    /// <param name="raw">The raw value.</param>
    /// <param name="address">Where it comes from; null where that is not known.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <exception cref="TooManyGuessesException">Too many unknown keys came from there.</exception>
    public async ValueTask<SpendKeyIdentity?> AuthenticateAsync(string raw, IPAddress? address, CancellationToken cancellationToken)
    {
        if (raw.Length is < 20 or > 200 || !raw.StartsWith(RawPrefix, StringComparison.Ordinal)) return null;
        var hash = RawKey.Hash(raw);
        if (_kept.TryGet(hash, out var kept)) return kept;
        if (_unknown.TryGet(hash, out _))
        {
            brake.Note(address);
            return null;
        }

        if (!_right.TryGet(hash, out _) && brake.SecondsToWait(address) is > 0 and var seconds) throw new TooManyGuessesException(seconds);
        var (mark, unknownMark) = (_kept.Mark, _unknown.Mark);
        SpendKeyIdentity? identity = null;
        if (await tables.GetAsync(TableNames.Credentials, hash, Authenticator.CredentialRow, cancellationToken) is { } row)
        {
            var credential = Json.Read(row.Data, SpendKeysJson.Default.SpendKeyCredential);
            var tenant = new Tenant(credential.MerchantId, credential.IsLive ? Mode.Live : Mode.Test);
            if (await FindAsync(tenant, credential.KeyId, cancellationToken) is { } found && found.Key.Hash == hash)
                identity = new SpendKeyIdentity(tenant, found.Key);
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

    /// <summary>What a key has used. It is kept in a book of its own, so that editing settings never races with counting.</summary>
    public async ValueTask<SpendKeyUsage> UsageAsync(Tenant tenant, string id, CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(TableNames.Books, BookKey.SpendKey(tenant, id).Partition, BookRows.Head, cancellationToken);
        return (row is null ? null : Json.Read(row.Data, LedgerJson.Default.BookHead).Usage) ?? SpendKeyUsage.None;
    }

    private async ValueTask WriteCredentialAsync(Tenant tenant, SpendKey key, CancellationToken cancellationToken)
    {
        var credential = new SpendKeyCredential(tenant.MerchantId, tenant.Mode == Mode.Live, key.Id);
        await tables.CommitAsync(
            TableNames.Credentials,
            key.Hash,
            [TableWrite.Put(Authenticator.CredentialRow, Json.Write(credential, SpendKeysJson.Default.SpendKeyCredential))],
            cancellationToken);
    }

    // Whatever becomes of the commit, what this instance knew of the key before it may be wrong: a commit whose answer got lost may have been made.
    private async ValueTask<bool> CommitAsync(Tenant tenant, SpendKey before, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        try
        {
            return (await tables.CommitAsync(TableNames.Resources, tenant.Partition, writes, cancellationToken)).IsCommitted;
        }
        finally
        {
            _kept.Remove(before.Hash);
        }
    }

    // Only tidiness: a credential whose hash is not the key's own is dead already.
    private async ValueTask DeleteCredentialAsync(string hash) =>
        await tables.CommitAsync(TableNames.Credentials, hash, [TableWrite.Delete(Authenticator.CredentialRow)], CancellationToken.None);

    private static ReadOnlyMemory<byte> Write(SpendKey key) => Json.Write(key, SpendKeysJson.Default.SpendKey);

    private static string Row(string id) => RowPaging.Key(RowPrefix, id);
}
