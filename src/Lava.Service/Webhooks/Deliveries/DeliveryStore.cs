using System.Security.Cryptography;
using System.Text;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Api.Lists;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Webhooks.Deliveries;

/// <summary>The deliveries of webhooks, and of mail, which has the place of one webhook more. They are kept for thirty days.</summary>
public sealed class DeliveryStore(ITableStore tables, TimeProvider time)
{
    /// <summary>Prefix of ids.</summary>
    public const string Prefix = "whd";

    private const string RowPrefix = "delivery|";
    private static readonly TimeSpan KeepTime = TimeSpan.FromDays(30);

    /// <summary>Adds the delivery of an event, or finds the one that was added before.</summary>
    public async ValueTask<Delivery> AddAsync(Tenant tenant, string webhookId, Delivery delivery, CancellationToken cancellationToken)
    {
        var partition = Partition(tenant, webhookId);
        var result = await tables.CommitAsync(
            TableNames.Deliveries,
            partition,
            [TableWrite.Insert(EventRow(delivery), Json.Write(delivery.Id, WebhooksJson.Default.String)), TableWrite.Insert(Row(delivery.Id), Write(delivery))],
            cancellationToken);
        if (result.IsCommitted) return delivery;
        var first = await tables.GetAsync(TableNames.Deliveries, partition, EventRow(delivery), cancellationToken);
        return first is not null && await FindAsync(tenant, webhookId, Json.Read(first.Data, WebhooksJson.Default.String), cancellationToken) is { } found
            ? found.Delivery
            : delivery;
    }

    /// <summary>A delivery with its version; null where there is none.</summary>
    public async ValueTask<(Delivery Delivery, string ETag)?> FindAsync(Tenant tenant, string webhookId, string id, CancellationToken cancellationToken)
    {
        if (!Id.TryGetUlid(id, Prefix, tenant.Mode, out _)) return null;
        var row = await tables.GetAsync(TableNames.Deliveries, Partition(tenant, webhookId), Row(id), cancellationToken);
        return row is null ? null : (Json.Read(row.Data, WebhooksJson.Default.Delivery), row.ETag);
    }

    /// <summary>Changes a delivery; null where it is gone.</summary>
    public async ValueTask<Delivery?> ChangeAsync(
        Tenant tenant,
        string webhookId,
        string id,
        Func<Delivery, Delivery> change,
        CancellationToken cancellationToken)
    {
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            if (await FindAsync(tenant, webhookId, id, cancellationToken) is not { } found) return null;
            var changed = change(found.Delivery);
            var result = await tables.CommitAsync(
                TableNames.Deliveries,
                Partition(tenant, webhookId),
                [TableWrite.Replace(Row(id), Write(changed), found.ETag)],
                cancellationToken);
            if (result.IsCommitted) return changed;
        }
    }

    /// <summary>Deliveries, newest first; up to one more than the page's limit. Null where the cursor is none of this list.</summary>
    public async ValueTask<IReadOnlyList<Delivery>?> ListAsync(Tenant tenant, string webhookId, ListQuery page, CancellationToken cancellationToken)
    {
        var rows = await RowPaging.ReadAsync(
            tables,
            TableNames.Deliveries,
            Partition(tenant, webhookId),
            RowPrefix,
            Prefix,
            tenant.Mode,
            page,
            cancellationToken);
        return rows is null ? null : [.. rows.Select(row => Json.Read(row.Data, WebhooksJson.Default.Delivery))];
    }

    /// <summary>Removes deliveries that are too old, a few at a time.</summary>
    public async ValueTask PruneAsync(Tenant tenant, string webhookId, CancellationToken cancellationToken)
    {
        // Newest first: what is too old comes last.
        var oldest = RowPrefix + Ulid.Mirror(Ulid.Create(time.GetUtcNow() - KeepTime, new byte[10]));
        var partition = Partition(tenant, webhookId);
        var rows = await tables.QueryAsync(
            TableNames.Deliveries,
            partition,
            new KeyRange(oldest, RowPrefix + "~"),
            TableLimits.MaxWrites / 2,
            cancellationToken);
        foreach (var row in rows)
        {
            var delivery = Json.Read(row.Data, WebhooksJson.Default.Delivery);
            await tables.CommitAsync(TableNames.Deliveries, partition, [TableWrite.Delete(row.Key), TableWrite.Delete(EventRow(delivery))], cancellationToken);
        }
    }

    private static ReadOnlyMemory<byte> Write(Delivery delivery) => Json.Write(delivery, WebhooksJson.Default.Delivery);

    private static string Partition(Tenant tenant, string webhookId) => tenant.Partition + "|" + webhookId;

    private static string Row(string id) => RowPaging.Key(RowPrefix, id);

    // An event goes once to a webhook, and once to each address.
    private static string EventRow(Delivery delivery) =>
        "event|"
            + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(delivery.Recipient is null
                ? delivery.EventId
                : $"{delivery.EventId}\n{delivery.Recipient}")));
}
