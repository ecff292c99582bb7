using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Ports.Queues;
using Lava.Service.Storage;
using Lava.Service.Webhooks.Deliveries;
using Lava.Service.Webhooks.Mail;
using Microsoft.Extensions.Options;

namespace Lava.Service.Webhooks;

/// <summary>Publishes events to a merchant's webhooks, and by mail to those who are to be told of them.</summary>
public sealed class WebhookEvents(
    WebhookStore webhooks,
    AlertMailStore mail,
    DeliveryStore deliveries,
    IMessageQueue queue,
    IOptions<WebhookOptions> options,
    TimeProvider time)
{
    private static readonly TimeSpan PrunePeriod = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _pruned = new(StringComparer.Ordinal);

    /// <summary>Whether anybody is to be told of anything; cheap.</summary>
    public async ValueTask<bool> HasAnyAsync(Tenant tenant, CancellationToken cancellationToken) =>
        (await webhooks.ListCachedAsync(tenant, cancellationToken)).Count > 0 || await mail.FindCachedAsync(tenant, cancellationToken) is not null;

    /// <summary>Whether anybody is to be told of events of that name; cheap.</summary>
    public async ValueTask<bool> HasAnyAsync(Tenant tenant, string eventName, CancellationToken cancellationToken) =>
        (await webhooks.ListCachedAsync(tenant, cancellationToken)).Count > 0
            || (await mail.FindCachedAsync(tenant, cancellationToken))?.Events.Contains(eventName) == true;

    /// <summary>Publishes an event to every webhook of the tenant, and mails it to every address of its list; durable when it returns. The same event id is
    /// delivered once.</summary>
    /// <param name="tenant">Whose event.</param>
    /// <param name="eventName">The event's name.</param>
    /// <param name="eventId">The event's id, the same however often it is published.</param>
    /// <param name="data">UTF-8 JSON object.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask PublishAsync(Tenant tenant, string eventName, string eventId, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        foreach (var webhook in await webhooks.ListCachedAsync(tenant, cancellationToken))
            await AddAsync(
                tenant,
                webhook.Id,
                new Delivery { Id = NewId(tenant), EventId = eventId, Event = eventName, Body = Body(eventName, data), CreatedAt = time.GetUtcNow() },
                cancellationToken);

        if (await mail.FindCachedAsync(tenant, cancellationToken) is not { } list || !list.Events.Contains(eventName)) return;
        var (subject, text) = AlertTexts.Write(tenant, eventName, data);
        foreach (var address in list.Addresses)
        {
            var delivery = new Delivery
            {
                Id = NewId(tenant),
                EventId = eventId,
                Event = eventName,
                Recipient = address,
                Subject = subject,
                Body = text,
                CreatedAt = time.GetUtcNow(),
            };
            await AddAsync(tenant, AlertMail.Target, delivery, cancellationToken);
        }
    }

    private async ValueTask AddAsync(Tenant tenant, string target, Delivery wanted, CancellationToken cancellationToken)
    {
        var delivery = await deliveries.AddAsync(tenant, target, wanted with { NextAttemptAt = wanted.CreatedAt }, cancellationToken);

        // Also where it was there already and not begun yet: whoever added it may have died before it sent the message.
        if (delivery is { Status: DeliveryStatus.Pending, Attempts: 0, Begun: 0 }) await AskAsync(NewMessage(tenant, target, delivery.Id), cancellationToken);
        var partition = $"{tenant.Partition}|{target}";
        if (_pruned.TryGetValue(partition, out var last) && wanted.CreatedAt - last < PrunePeriod) return;
        _pruned[partition] = wanted.CreatedAt;
        await deliveries.PruneAsync(tenant, target, cancellationToken);
    }

    /// <summary>Asks for an attempt at a delivery beside its plan, because a user wants it.</summary>
    public ValueTask RedeliverAsync(Tenant tenant, string webhookId, string deliveryId, CancellationToken cancellationToken) =>
        AskAsync(NewMessage(tenant, webhookId, deliveryId) with { IsAskedFor = true }, cancellationToken);

    /// <summary>Asks for attempts at deliveries, each after a while.</summary>
    internal ValueTask AskAsync(string session, IReadOnlyList<(DeliveryMessage Message, TimeSpan Delay)> asked, CancellationToken cancellationToken) =>
        asked.Count == 0
            ? ValueTask.CompletedTask
            : queue.SendAsync(
                WebhookQueue.Name,
                [.. asked.Select(one => new OutgoingMessage(
                    NameOf(one.Message),
                    session,
                    Json.Write(one.Message, WebhooksJson.Default.DeliveryMessage),
                    one.Delay))],
                cancellationToken);

    // Where a message is held until its attempt has ended, a delivery is a session of its own, so that none waits for another. Elsewhere a webhook is one, or a
    // merchant's mail, so that its messages pass by the dozen.
    private ValueTask AskAsync(DeliveryMessage message, CancellationToken cancellationToken) =>
        AskAsync(
            options.Value.HoldsMessages
                ? message.DeliveryId
                : message.WebhookId == AlertMail.Target ? $"{message.MerchantId}|{message.WebhookId}" : message.WebhookId,
            [(message, TimeSpan.Zero)],
            cancellationToken);

    // The same attempt is asked for once, however often a handler that dies asks for it.
    private string NameOf(DeliveryMessage message) => message.IsAskedFor
        ? $"{message.DeliveryId}|{Ulid.Create(time.GetUtcNow())}"
        : $"{message.DeliveryId}|{message.Attempt}|{message.Waits}";

    private string NewId(Tenant tenant) => Id.Create(DeliveryStore.Prefix, tenant.Mode, time.GetUtcNow());

    private static DeliveryMessage NewMessage(Tenant tenant, string webhookId, string deliveryId) =>
        new(tenant.MerchantId, tenant.Mode == Mode.Live, webhookId, deliveryId, 1, IsAskedFor: false);

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
