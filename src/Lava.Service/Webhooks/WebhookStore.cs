using System.Buffers.Text;
using System.Security.Cryptography;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Api.Lists;
using Lava.Service.Ports.Tables;
using Lava.Service.Ports.Vault;
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
        var secret = NewSecret();
        for (var slot = 0; slot < MaxWebhooks; slot++)
        {
            if (await tables.GetAsync(TableNames.Resources, tenant.Partition, SlotRow(slot), cancellationToken) is not null) continue;
            var webhook = new Webhook(id, name, url, slot, now);

            // The secret first: a webhook that is there can be signed for. The slot's row lets no two take the same place.
            await vault.SetAsync(SecretName(id), secret, cancellationToken);
            var result = await tables.CommitAsync(
                TableNames.Resources,
                tenant.Partition,
                [TableWrite.Insert(Row(id), Write(webhook)), TableWrite.Insert(SlotRow(slot), Json.Write(id, WebhooksJson.Default.String))],
                cancellationToken);
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
        var row = await tables.GetAsync(TableNames.Resources, tenant.Partition, Row(id), cancellationToken);
        return row is null ? null : (Json.Read(row.Data, WebhooksJson.Default.Webhook), row.ETag);
    }

    /// <summary>What a webhook's deliveries are signed with now; null where its secret is gone.</summary>
    public async ValueTask<WebhookSecrets?> FindSecretsAsync(Webhook webhook, CancellationToken cancellationToken)
    {
        if (await vault.GetAsync(NameOf(webhook), cancellationToken) is not { } current) return null;
        var isOverlapping = webhook.PreviousSecret is not null && time.GetUtcNow() < webhook.PreviousUntil;
        return new WebhookSecrets(current, isOverlapping ? await vault.GetAsync(webhook.PreviousSecret!, cancellationToken) : null);
    }

    /// <summary>Gives a webhook of that version another secret, which is shown now and never again. The one that it had stays good beside it for a while; one
    /// before that is gone.</summary>
    /// <param name="tenant">The merchant and the mode.</param>
    /// <param name="webhook">The webhook.</param>
    /// <param name="etag">Its version.</param>
    /// <param name="overlap">How long the old secret stays good.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The webhook and its raw secret; null if it changed meanwhile.</returns>
    public async ValueTask<(Webhook Webhook, string Secret)?> RotateAsync(
        Tenant tenant,
        Webhook webhook,
        string etag,
        TimeSpan overlap,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var secret = NewSecret();

        // A name of its own: an instance that remembers the old one's value does not take it for the new one.
        var name = $"{SecretName(webhook.Id)}-{Ulid.Create(now)}";
        await vault.SetAsync(name, secret, cancellationToken);
        var rotated = overlap > TimeSpan.Zero
            ? webhook with { Secret = name, PreviousSecret = NameOf(webhook), PreviousUntil = now + overlap }
            : webhook with { Secret = name, PreviousSecret = null, PreviousUntil = null };
        if (!await ReplaceAsync(tenant, rotated, etag, cancellationToken))
        {
            await vault.DeleteAsync(name, CancellationToken.None);
            return null;
        }

        if (webhook.PreviousSecret is { } older) await vault.DeleteAsync(older, CancellationToken.None);
        if (rotated.PreviousSecret is null) await vault.DeleteAsync(NameOf(webhook), CancellationToken.None);
        return (rotated, secret);
    }

    /// <summary>Webhooks, newest first; up to one more than the page's limit. Null where the cursor is none of this list.</summary>
    public async ValueTask<IReadOnlyList<Webhook>?> ListAsync(Tenant tenant, ListQuery page, CancellationToken cancellationToken)
    {
        var rows = await RowPaging.ReadAsync(tables, TableNames.Resources, tenant.Partition, RowPrefix, Prefix, tenant.Mode, page, cancellationToken);
        return rows is null ? null : [.. rows.Select(row => Json.Read(row.Data, WebhooksJson.Default.Webhook))];
    }

    /// <summary>All webhooks as they were at most a few seconds ago.</summary>
    public async ValueTask<IReadOnlyList<Webhook>> ListCachedAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        if (_kept.TryGet(tenant, out var kept)) return kept!;
        var mark = _kept.Mark;
        var all = (await ListAsync(tenant, new ListQuery(MaxWebhooks, null), cancellationToken))!;
        _kept.Set(tenant, all, mark);
        return all;
    }

    /// <summary>Replaces a webhook of that version; false if it changed meanwhile.</summary>
    public async ValueTask<bool> ReplaceAsync(Tenant tenant, Webhook webhook, string etag, CancellationToken cancellationToken)
    {
        var result = await tables.CommitAsync(
            TableNames.Resources,
            tenant.Partition,
            [TableWrite.Replace(Row(webhook.Id), Write(webhook), etag)],
            cancellationToken);
        _kept.Remove(tenant);
        return result.IsCommitted;
    }

    /// <summary>Removes a webhook of that version for good; false if it changed meanwhile.</summary>
    public async ValueTask<bool> DeleteAsync(Tenant tenant, Webhook webhook, string etag, CancellationToken cancellationToken)
    {
        var result = await tables.CommitAsync(
            TableNames.Resources,
            tenant.Partition,
            [TableWrite.Delete(Row(webhook.Id), etag), TableWrite.Delete(SlotRow(webhook.Slot))],
            cancellationToken);
        _kept.Remove(tenant);
        if (!result.IsCommitted) return false;
        await vault.DeleteAsync(NameOf(webhook), CancellationToken.None);
        if (webhook.PreviousSecret is { } previous) await vault.DeleteAsync(previous, CancellationToken.None);
        return true;
    }

    private static ReadOnlyMemory<byte> Write(Webhook webhook) => Json.Write(webhook, WebhooksJson.Default.Webhook);

    private static string Row(string id) => RowPaging.Key(RowPrefix, id);

    private static string SlotRow(int slot) => $"webhook-slot|{slot}";

    private static string NewSecret() => "whs_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static string NameOf(Webhook webhook) => webhook.Secret ?? SecretName(webhook.Id);

    // The vault's names know no underscores.
    private static string SecretName(string id) => "webhook-" + id.Replace('_', '-');
}
