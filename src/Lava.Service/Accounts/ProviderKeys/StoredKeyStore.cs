using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Api.Lists;
using Lava.Service.Ports.Tables;
using Lava.Service.Ports.Vault;
using Lava.Service.Storage;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Accounts.ProviderKeys;

/// <summary>The keys at providers that a tenant stores, at most one set for a provider. They are in the vault alone, each setting under a name of its own,
/// because Key Vault keeps the name of a deleted secret blocked; the row names the secret. A set is written to the vault first, then its row, and the secret
/// before it is dropped last: whatever dies in between, a row names a secret that is there. A secret that no row names is never read again; it is
/// harmless.</summary>
internal sealed partial class StoredKeyStore(ITableStore tables, IVault vault, TimeProvider time, ILogger<StoredKeyStore> logger)
{
    /// <summary>Between the keys of a secret; no key has it.</summary>
    public const char Separator = '\n';

    /// <summary>More rows than the catalogue has providers.</summary>
    private const int MaxRows = 1_000;

    /// <summary>Keys shorter than this show nothing of themselves: four characters would be too much of them.</summary>
    private const int ShortestShown = 16;

    private const string RowPrefix = "provider-key|";

    private readonly TimedCache<Tenant, Dictionary<string, StoredKeySet>> _kept = new(time, TimeSpan.FromSeconds(5), 10_000);

    /// <summary>Stores a provider's keys in place of those before.</summary>
    /// <exception cref="VaultException">The vault has not taken them; nothing changed.</exception>
    public async ValueTask<StoredKeySet> SetAsync(Tenant tenant, string provider, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var set = new StoredKeySet(provider, "merchant-keys-" + Ulid.Create(now), [.. keys.Select(PreviewOf)], now, now);
        await vault.SetAsync(set.Secret, string.Join(Separator, keys), cancellationToken);
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            var before = await FindAsync(tenant, provider, cancellationToken);
            if (before is not null) set = set with { CreatedAt = before.Value.Set.CreatedAt };
            var data = Json.Write(set, StoredKeysJson.Default.StoredKeySet);
            if (!await CommitAsync(
                tenant,
                before is null ? TableWrite.Insert(Row(provider), data) : TableWrite.Replace(Row(provider), data, before.Value.ETag),
                cancellationToken))
                continue;
            if (before is not null) await DropAsync(before.Value.Set.Secret);
            return set;
        }
    }

    /// <summary>Removes a provider's keys for good; false where there are none.</summary>
    public async ValueTask<bool> DeleteAsync(Tenant tenant, string provider, CancellationToken cancellationToken)
    {
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            if (await FindAsync(tenant, provider, cancellationToken) is not var (set, etag)) return false;
            if (!await CommitAsync(tenant, TableWrite.Delete(Row(provider), etag), cancellationToken)) continue;
            await DropAsync(set.Secret);
            return true;
        }
    }

    /// <summary>A provider's keys with their version; null where there are none.</summary>
    public async ValueTask<(StoredKeySet Set, string ETag)?> FindAsync(Tenant tenant, string provider, CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(TableNames.Resources, tenant.Partition, Row(provider), cancellationToken);
        return row is null ? null : (Read(row), row.ETag);
    }

    /// <summary>Keys by the providers' ids; up to one more than the page's limit.</summary>
    /// <param name="tenant">The merchant and the mode.</param>
    /// <param name="page">The page; its cursor is a provider's id.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    public async ValueTask<IReadOnlyList<StoredKeySet>> ListAsync(Tenant tenant, ListQuery page, CancellationToken cancellationToken)
    {
        var range = KeyRange.Prefix(RowPrefix);
        if (page.Cursor is not null) range = range.After(Row(page.Cursor));
        return [.. (await tables.QueryAsync(TableNames.Resources, tenant.Partition, range, page.Limit + 1, cancellationToken)).Select(Read)];
    }

    /// <summary>A provider's keys as they were at most a few seconds ago; never older ones than this instance has set. One read finds those of all providers,
    /// or that there are none.</summary>
    public async ValueTask<StoredKeySet?> FindCachedAsync(Tenant tenant, string provider, CancellationToken cancellationToken)
    {
        if (!_kept.TryGet(tenant, out var all))
        {
            var mark = _kept.Mark;
            var rows = await tables.QueryAsync(TableNames.Resources, tenant.Partition, KeyRange.Prefix(RowPrefix), MaxRows, cancellationToken);
            all = rows.Count == 0 ? null : rows.Select(Read).ToDictionary(set => set.Provider, StringComparer.Ordinal);
            _kept.Set(tenant, all, mark);
        }

        return all?.GetValueOrDefault(provider);
    }

    /// <summary>Has the next look-up ask the store.</summary>
    public void Forget(Tenant tenant) => _kept.Remove(tenant);

    private async ValueTask<bool> CommitAsync(Tenant tenant, TableWrite write, CancellationToken cancellationToken)
    {
        try
        {
            return (await tables.CommitAsync(TableNames.Resources, tenant.Partition, [write], cancellationToken)).IsCommitted;
        }
        finally
        {
            // Whatever became of the write: it may be there though its answer was lost.
            _kept.Remove(tenant);
        }
    }

    // What was asked for is done by now, so a vault that fails here does not fail the request.
    private async ValueTask DropAsync(string secret)
    {
        try
        {
            await vault.DeleteAsync(secret, CancellationToken.None);
        }
        catch (VaultException fault)
        {
            LogLeft(secret, fault);
        }
    }

    private static string? PreviewOf(string key) => key.Length < ShortestShown ? null : key[^4..];

    private static StoredKeySet Read(TableRow row) => Json.Read(row.Data, StoredKeysJson.Default.StoredKeySet);

    private static string Row(string provider) => RowPrefix + provider;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The secret {Secret} is no longer used and could not be deleted from the vault. Delete it by hand.")]
    private partial void LogLeft(string secret, Exception fault);
}
