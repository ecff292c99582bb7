using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Ports;
using Lava.Service.Storage;
using Microsoft.Extensions.Options;

namespace Lava.Service.Webhooks;

/// <summary>Publishes events to a merchant's webhooks.</summary>
public sealed class WebhookEvents(WebhookStore webhooks, DeliveryStore deliveries, IMessageQueue queue, IOptions<WebhookOptions> options, TimeProvider time)
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
            if (delivery is { Status: DeliveryStatus.Pending, Attempts: 0 }) await AskAsync(NewMessage(tenant, webhook.Id, delivery.Id), cancellationToken);
            if (_pruned.TryGetValue(webhook.Id, out var last) && now - last < PrunePeriod) continue;
            _pruned[webhook.Id] = now;
            await deliveries.PruneAsync(tenant, webhook.Id, cancellationToken);
        }
    }

    /// <summary>Asks for an attempt at a delivery beside its plan, because a user wants it.</summary>
    public ValueTask RedeliverAsync(Tenant tenant, string webhookId, string deliveryId, CancellationToken cancellationToken) =>
        AskAsync(NewMessage(tenant, webhookId, deliveryId) with { IsAskedFor = true }, cancellationToken);

    /// <summary>Asks for attempts at deliveries, each after a while.</summary>
    internal ValueTask AskAsync(string session, IReadOnlyList<(DeliveryMessage Message, TimeSpan Delay)> asked, CancellationToken cancellationToken) => asked.Count == 0
        ? ValueTask.CompletedTask
        : queue.SendAsync(WebhookQueue.Name, [.. asked.Select(one => new OutgoingMessage(NameOf(one.Message), session, Json.Write(one.Message, WebhooksJson.Default.DeliveryMessage), one.Delay))], cancellationToken);

    // Where a message is held until its attempt has ended, a delivery is a session of its own, so that none waits for another. Elsewhere a webhook is one, so that its messages pass by the dozen.
    private ValueTask AskAsync(DeliveryMessage message, CancellationToken cancellationToken) =>
        AskAsync(options.Value.HoldsMessages ? message.DeliveryId : message.WebhookId, [(message, TimeSpan.Zero)], cancellationToken);

    // The same attempt is asked for once, however often a handler that dies asks for it.
    private string NameOf(DeliveryMessage message) => message.IsAskedFor
        ? $"{message.DeliveryId}|{Ulid.Create(time.GetUtcNow())}"
        : $"{message.DeliveryId}|{message.Attempt}|{message.Waits}";

    private static DeliveryMessage NewMessage(Tenant tenant, string webhookId, string deliveryId) => new(tenant.MerchantId, tenant.Mode == Mode.Live, webhookId, deliveryId, 1, IsAskedFor: false);

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
