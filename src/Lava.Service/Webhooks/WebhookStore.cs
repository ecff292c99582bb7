using System.Security.Cryptography;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Http;
using Lava.Service.Ports;
using Lava.Service.Storage;

namespace Lava.Service.Webhooks;

/// <summary>A tenant's webhooks, at most three, and their signing secrets.</summary>
public sealed class WebhookStore(ITableStore tables, IVault vault, TimeProvider time)
{
    /// <summary>Prefix of ids.</summary>
    public const string Prefix = "wh";

    /// <summary>Most webhooks of a tenant.</summary>
    public const int MaxWebhooks = 3;

    private const string RowPrefix = "webhook|";

    private readonly TimedCache<Tenant, IReadOnlyList<Webhook>> _kept = new(time, TimeSpan.FromSeconds(5), 10_000);

    /// <summary>Adds a webhook and returns its secret, which is shown now and never again; null where the tenant has as many as it may.</summary>
    public async ValueTask<(Webhook Webhook, string Secret)?> AddAsync(Tenant tenant, string name, string url, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var id = Id.Create(Prefix, tenant.Mode, now);
        var secret = "whs_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).Replace('+', '-').Replace('/', '_').TrimEnd('=');
        for (var slot = 0; slot < MaxWebhooks; slot++)
        {
            if (await tables.GetAsync(Tables.Resources, tenant.Partition, SlotRow(slot), cancellationToken) is not null) continue;
            var webhook = new Webhook(id, name, url, slot, now);

            // The secret first: a webhook that is there can be signed for. The slot's row lets no two take the same place.
            await vault.SetAsync(SecretName(id), secret, cancellationToken);
            var result = await tables.CommitAsync(
                Tables.Resources, tenant.Partition, [TableWrite.Insert(Row(id), Write(webhook)), TableWrite.Insert(SlotRow(slot), Json.Write(id, WebhooksJson.Default.String))], cancellationToken);
            _kept.Remove(tenant);
            if (result.IsCommitted) return (webhook, secret);
        }

        await vault.DeleteAsync(SecretName(id), cancellationToken);
        return null;
    }

    /// <summary>A webhook with its version; null where there is none.</summary>
    public async ValueTask<(Webhook Webhook, string ETag)?> FindAsync(Tenant tenant, string id, CancellationToken cancellationToken)
    {
        if (!Id.TryGetUlid(id, Prefix, tenant.Mode, out _)) return null;
        var row = await tables.GetAsync(Tables.Resources, tenant.Partition, Row(id), cancellationToken);
        return row is null ? null : (Json.Read(row.Data, WebhooksJson.Default.Webhook), row.ETag);
    }

    /// <summary>A webhook's secret; null where it is gone.</summary>
    public ValueTask<string?> FindSecretAsync(string id, CancellationToken cancellationToken) => vault.GetAsync(SecretName(id), cancellationToken);

    /// <summary>Webhooks, newest first; up to one more than the page's limit. Null where the cursor is none of this list.</summary>
    public async ValueTask<IReadOnlyList<Webhook>?> ListAsync(Tenant tenant, PageRequest page, CancellationToken cancellationToken)
    {
        var rows = await RowPages.ReadAsync(tables, Tables.Resources, tenant.Partition, RowPrefix, Prefix, tenant.Mode, page, cancellationToken);
        return rows is null ? null : [.. rows.Select(row => Json.Read(row.Data, WebhooksJson.Default.Webhook))];
    }

    /// <summary>All webhooks as they were at most a few seconds ago.</summary>
    public async ValueTask<IReadOnlyList<Webhook>> ListCachedAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        if (_kept.TryGet(tenant, out var kept)) return kept!;
        var mark = _kept.Mark;
        var all = (await ListAsync(tenant, new PageRequest(MaxWebhooks, null), cancellationToken))!;
        _kept.Set(tenant, all, mark);
        return all;
    }

    /// <summary>Replaces a webhook of that version; false if it changed meanwhile.</summary>
    public async ValueTask<bool> ReplaceAsync(Tenant tenant, Webhook webhook, string etag, CancellationToken cancellationToken)
    {
        var result = await tables.CommitAsync(Tables.Resources, tenant.Partition, [TableWrite.Replace(Row(webhook.Id), Write(webhook), etag)], cancellationToken);
        _kept.Remove(tenant);
        return result.IsCommitted;
    }

    /// <summary>Removes a webhook of that version for good; false if it changed meanwhile.</summary>
    public async ValueTask<bool> DeleteAsync(Tenant tenant, Webhook webhook, string etag, CancellationToken cancellationToken)
    {
        var result = await tables.CommitAsync(Tables.Resources, tenant.Partition, [TableWrite.Delete(Row(webhook.Id), etag), TableWrite.Delete(SlotRow(webhook.Slot))], cancellationToken);
        _kept.Remove(tenant);
        if (result.IsCommitted) await vault.DeleteAsync(SecretName(webhook.Id), CancellationToken.None);
        return result.IsCommitted;
    }

    private static ReadOnlyMemory<byte> Write(Webhook webhook) => Json.Write(webhook, WebhooksJson.Default.Webhook);

    private static string Row(string id) => RowPages.Key(RowPrefix, id);

    private static string SlotRow(int slot) => $"webhook-slot|{slot}";

    // The vault's names know no underscores.
    private static string SecretName(string id) => "webhook-" + id.Replace('_', '-');
}
