using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Ports;
using Lava.Service.Storage;

namespace Lava.Service.Webhooks;

/// <summary>Publishes events to a merchant's webhooks.</summary>
public sealed class WebhookEvents(WebhookStore webhooks, DeliveryStore deliveries, IMessageQueue queue, TimeProvider time)
{
    private static readonly TimeSpan PrunePeriod = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _pruned = new(StringComparer.Ordinal);

    /// <summary>Whether anybody is to be told; cheap.</summary>
    public async ValueTask<bool> HasAnyAsync(Tenant tenant, CancellationToken cancellationToken) => (await webhooks.ListCachedAsync(tenant, cancellationToken)).Count > 0;

    /// <summary>Publishes an event to every webhook of the tenant; durable when it returns. The same event id is delivered once.</summary>
    /// <param name="tenant">Whose webhooks.</param>
    /// <param name="eventName">The event's name.</param>
    /// <param name="eventId">The event's id, the same however often it is published.</param>
    /// <param name="data">UTF-8 JSON object.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask PublishAsync(Tenant tenant, string eventName, string eventId, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        foreach (var webhook in await webhooks.ListCachedAsync(tenant, cancellationToken))
        {
            var now = time.GetUtcNow();
            var delivery = await deliveries.AddAsync(
                tenant,
                webhook.Id,
                new Delivery { Id = Id.Create(DeliveryStore.Prefix, tenant.Mode, now), EventId = eventId, Event = eventName, Body = Body(eventName, data), CreatedAt = now, NextAttemptAt = now },
                cancellationToken);

            // Also where it was there already and not tried yet: whoever added it may have died before it sent the message.
            if (delivery is { Status: DeliveryStatus.Pending, Attempts: 0 }) await AskAsync(tenant, webhook.Id, delivery.Id, 1, isAskedFor: false, TimeSpan.Zero, cancellationToken);
            if (_pruned.TryGetValue(webhook.Id, out var last) && now - last < PrunePeriod) continue;
            _pruned[webhook.Id] = now;
            await deliveries.PruneAsync(tenant, webhook.Id, cancellationToken);
        }
    }

    /// <summary>Asks for an attempt at a delivery.</summary>
    internal ValueTask AskAsync(Tenant tenant, string webhookId, string deliveryId, int attempt, bool isAskedFor, TimeSpan delay, CancellationToken cancellationToken)
    {
        var message = new DeliveryMessage(tenant.MerchantId, tenant.Mode == Mode.Live, webhookId, deliveryId, attempt, isAskedFor);
        var id = isAskedFor ? $"{deliveryId}|{Ulid.Create(time.GetUtcNow())}" : $"{deliveryId}|{attempt}";

        // A delivery is a session of its own, so that none waits for another.
        return queue.SendAsync(WebhookQueue.Name, [new OutgoingMessage(id, deliveryId, Json.Write(message, WebhooksJson.Default.DeliveryMessage), delay)], cancellationToken);
    }

    private static string Body(string eventName, ReadOnlyMemory<byte> data)
    {
        var buffer = new ArrayBufferWriter<byte>(data.Length + 64);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("event", eventName);
            json.WritePropertyName("data");
            json.WriteRawValue(data.Span);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
