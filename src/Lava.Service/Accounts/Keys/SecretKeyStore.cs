using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Lists;
using Lava.Service.Credentials;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Accounts.Keys;

/// <summary>A merchant's secret keys (rest-api.md §13).</summary>
public sealed class SecretKeyStore(ITableStore tables, Authenticator authenticator, TimeProvider time)
{
    /// <summary>Most active keys of a merchant in one mode.</summary>
    public const int MaxKeys = 100;

    /// <summary>A key lives at least this long.</summary>
    public static readonly TimeSpan Cooldown = TimeSpan.FromSeconds(15);

    private const string Prefix = "ak";
    private const string RowPrefix = "key|";
    private const string CountRow = "key-count";

    /// <summary>Makes a key that may do everything, and returns its raw value, which is not kept.</summary>
    public ValueTask<(StoredSecretKey? Key, string Raw, ApiError? Error)> CreateAsync(Tenant tenant, string name, CancellationToken cancellationToken) =>
        CreateAsync(tenant, name, Scopes.All, cancellationToken);

    /// <summary>Makes a key and returns its raw value, which is not kept.</summary>
    public async ValueTask<(StoredSecretKey? Key, string Raw, ApiError? Error)> CreateAsync(
        Tenant tenant, string name, Scopes scopes, CancellationToken cancellationToken)
    {
        var raw = RawKey.Create(tenant.Mode);
        var now = time.GetUtcNow();
        var key = new StoredSecretKey(Id.Create(Prefix, tenant.Mode, now), name, raw[^4..], RawKey.Hash(raw), now) { Scopes = scopes.Names };
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            var (count, etag) = await CountAsync(tenant, cancellationToken);
            if (count >= MaxKeys) return (null, "", ApiError.SecretKeyLimit());
            var written = await tables.CommitAsync(
                TableNames.Resources,
                tenant.Partition,
                [WriteCount(count + 1, etag), TableWrite.Insert(Row(key.Id), Json.Write(key, KeysJson.Default.StoredSecretKey))],
                cancellationToken);
            if (written.IsCommitted) break;
        }

        // The listing first: a key that nobody was told of is only dead weight, while a credential that no list shows could not be revoked.
        var credential = new StoredCredential(tenant.MerchantId, tenant.Mode == Mode.Live, key.Id, null) { Scopes = scopes.Names };
        await tables.CommitAsync(
            TableNames.Credentials,
            key.Hash,
            [TableWrite.Insert(Authenticator.CredentialRow, Json.Write(credential, CredentialsJson.Default.StoredCredential))],
            CancellationToken.None);
        authenticator.Forget(key.Hash);
        return (key, raw, null);
    }

    /// <summary>Active keys, newest first; up to one more than the page's limit. Null where the cursor is none of this list.</summary>
    public async ValueTask<IReadOnlyList<StoredSecretKey>?> ListAsync(Tenant tenant, ListQuery page, CancellationToken cancellationToken)
    {
        var rows = await RowPaging.ReadAsync(tables, TableNames.Resources, tenant.Partition, RowPrefix, Prefix, tenant.Mode, page, cancellationToken);
        return rows is null ? null : [.. rows.Select(row => Json.Read(row.Data, KeysJson.Default.StoredSecretKey))];
    }

    /// <summary>An active key; null where there is none.</summary>
    public async ValueTask<StoredSecretKey?> FindAsync(Tenant tenant, string id, CancellationToken cancellationToken) =>
        Id.TryGetUlid(id, Prefix, tenant.Mode, out _)
        && await tables.GetAsync(TableNames.Resources, tenant.Partition, Row(id), cancellationToken) is { } row
            ? Json.Read(row.Data, KeysJson.Default.StoredSecretKey)
            : null;

    /// <summary>Makes a key that may do everything and revokes all others, however young they are: the operator's help where keys have leaked or are
    /// lost. Cut off half-way, it is finished by asking again.</summary>
    /// <returns>The key and its raw value, which is not kept.</returns>
    public async ValueTask<(StoredSecretKey Key, string Raw)> ReplaceAllAsync(Tenant tenant, string name, CancellationToken cancellationToken)
    {
        // The others go first as far as they may, so that a merchant with as many keys as there may be gets another.
        await RevokeAllAsync(tenant, keep: null, cancellationToken);
        var (key, raw, error) = await CreateAsync(tenant, name, cancellationToken);
        if (error is not null) throw new TableStoreException("Others made secret keys while all were replaced.");
        await RevokeAllAsync(tenant, key!.Id, cancellationToken);
        return (key, raw);
    }

    private async ValueTask RevokeAllAsync(Tenant tenant, string? keep, CancellationToken cancellationToken)
    {
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            var rows = await tables.QueryAsync(TableNames.Resources, tenant.Partition, KeyRange.Prefix(RowPrefix), MaxKeys + 1, cancellationToken);
            var left = rows.Select(row => (Row: row, Key: Json.Read(row.Data, KeysJson.Default.StoredSecretKey))).Where(one => one.Key.Id != keep).ToList();
            if (left.Count == 0) return;
            foreach (var (row, key) in left)
            {
                // Without the last key a merchant could not sign in; the one that is made next takes its place.
                var (count, etag) = await CountAsync(tenant, cancellationToken);
                if (count <= 1) return;
                await RevokeCredentialAsync(tenant, key);
                await tables.CommitAsync(
                    TableNames.Resources,
                    tenant.Partition,
                    [WriteCount(count - 1, etag), TableWrite.Delete(row.Key, row.ETag), TableWrite.Put(RevokedRow(key.Id), row.Data)],
                    cancellationToken);
            }
        }
    }

    /// <summary>Revokes a key at once.</summary>
    public async ValueTask<ApiError?> RevokeAsync(Tenant tenant, string id, CancellationToken cancellationToken)
    {
        if (!Id.TryGetUlid(id, Prefix, tenant.Mode, out _)) return ApiError.NotFound("secret key");
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            var row = await tables.GetAsync(TableNames.Resources, tenant.Partition, Row(id), cancellationToken);
            if (row is null)
            {
                // A revocation that was cut off between its two writes is finished by whoever asks again.
                var gone = await tables.GetAsync(TableNames.Resources, tenant.Partition, RevokedRow(id), cancellationToken);
                if (gone is not null) await RevokeCredentialAsync(tenant, Json.Read(gone.Data, KeysJson.Default.StoredSecretKey));
                return ApiError.NotFound("secret key");
            }

            var key = Json.Read(row.Data, KeysJson.Default.StoredSecretKey);
            var age = time.GetUtcNow() - key.CreatedAt;
            if (age < Cooldown) return ApiError.DeletionCooldown((int)Math.Ceiling((Cooldown - age).TotalSeconds));
            var (count, etag) = await CountAsync(tenant, cancellationToken);
            if (count <= 1) return ApiError.LastSecretKey();

            // The row goes in the transaction that counts, so of two who revoke the last two keys one is refused.
            var writes = new[] { WriteCount(count - 1, etag), TableWrite.Delete(Row(id), row.ETag), TableWrite.Put(RevokedRow(id), row.Data) };
            if (!(await tables.CommitAsync(TableNames.Resources, tenant.Partition, writes, cancellationToken)).IsCommitted) continue;
            await RevokeCredentialAsync(tenant, key);
            return null;
        }
    }

    private async ValueTask RevokeCredentialAsync(Tenant tenant, StoredSecretKey key)
    {
        var credential = new StoredCredential(tenant.MerchantId, tenant.Mode == Mode.Live, key.Id, time.GetUtcNow());
        await tables.CommitAsync(
            TableNames.Credentials,
            key.Hash,
            [TableWrite.Put(Authenticator.CredentialRow, Json.Write(credential, CredentialsJson.Default.StoredCredential))],
            CancellationToken.None);
        authenticator.Forget(key.Hash);
    }

    private async ValueTask<(int Count, string? ETag)> CountAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(TableNames.Resources, tenant.Partition, CountRow, cancellationToken);
        return row is null ? (0, null) : (Json.Read(row.Data, KeysJson.Default.KeyCount).Active, row.ETag);
    }

    private static TableWrite WriteCount(int count, string? etag)
    {
        var data = Json.Write(new KeyCount(count), KeysJson.Default.KeyCount);
        return etag is null ? TableWrite.Insert(CountRow, data) : TableWrite.Replace(CountRow, data, etag);
    }

    private static string RevokedRow(string id) => "revoked-" + Row(id);

    private static string Row(string id) => RowPaging.Key(RowPrefix, id);
}
