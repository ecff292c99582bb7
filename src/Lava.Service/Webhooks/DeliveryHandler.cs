using System.Text.Json;
using Lava.Core.Keys;
using Lava.Service.Ports;
using Lava.Service.Queues;
using Lava.Service.Storage;
using Microsoft.Extensions.Options;

namespace Lava.Service.Webhooks;

/// <summary>Makes attempts at deliveries. The next attempt is in the queue before one is made, so a process that dies in the middle loses none. The queue never waits for a receiver: an
/// attempt goes on beside it where there is room (<see cref="DeliveryRooms"/>), and where there is none the message is put off.</summary>
public sealed class DeliveryHandler(WebhookStore webhooks, DeliveryStore deliveries, WebhookEvents events, WebhookClient client, IOptions<WebhookOptions> options, TimeProvider time) : IMessageHandler
{
    private readonly DeliveryRooms _rooms = new();

    /// <inheritdoc/>
    public string Queue => WebhookQueue.Name;

    /// <inheritdoc/>
    public int MaxMessages => 40;

    /// <inheritdoc/>
    public async ValueTask HandleAsync(string session, IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        var asked = new List<(DeliveryMessage Message, TimeSpan Delay)>(messages.Count);
        var ready = new List<(Tenant Tenant, Webhook Webhook, Delivery Delivery, DateTimeOffset? Next, DeliveryRooms.Room Room)>();
        try
        {
            // 1. What has room is read and made ready; what has none is put off and costs no read.
            foreach (var message in messages)
            {
                var (one, tenant) = Read(message);
                if (_rooms.TryEnter(one.MerchantId, one.WebhookId) is not { } room)
                {
                    asked.Add((one with { Waits = one.Waits + 1 }, RetryPlan.PutOff(one.Waits, _rooms.IsSilent(one.WebhookId), Random.Shared.NextDouble())));
                    continue;
                }

                var isReady = false;
                try
                {
                    if (await FindAsync(tenant, one, message, cancellationToken) is not var (webhook, delivery)) continue;

                    // After the last attempt comes one more look, which ends it.
                    var wait = RetryPlan.After(one.Attempt, Random.Shared.NextDouble()) ?? TimeSpan.FromMinutes(1);
                    if (!one.IsAskedFor) asked.Add((one with { Attempt = one.Attempt + 1, Waits = 0 }, wait));
                    var next = one.IsAskedFor ? delivery.NextAttemptAt : one.Attempt == RetryPlan.MaxAttempts ? (DateTimeOffset?)null : time.GetUtcNow() + wait;
                    ready.Add((tenant, webhook, delivery, next, room));
                    isReady = true;
                }
                finally
                {
                    if (!isReady) room.Dispose();
                }
            }

            // 2. What comes next is in the queue, all in one, before anything is sent.
            await events.AskAsync(session, asked, cancellationToken);
            foreach (var (tenant, webhook, delivery, next, _) in ready)
                if (delivery.NextAttemptAt != next) await deliveries.ChangeAsync(tenant, webhook.Id, delivery.Id, d => d with { NextAttemptAt = next }, cancellationToken);
        }
        catch
        {
            foreach (var one in ready) one.Room.Dispose();
            throw;
        }

        // 3. The attempts.
        var attempts = ready.Select(one => AttemptAsync(one.Tenant, one.Webhook, one.Delivery, one.Room)).ToArray();
        if (options.Value.HoldsMessages) await Task.WhenAll(attempts);
    }

    private static (DeliveryMessage Asked, Tenant Tenant) Read(ReceivedMessage message)
    {
        try
        {
            var asked = Json.Read(message.Body, WebhooksJson.Default.DeliveryMessage);
            return (asked, new Tenant(asked.MerchantId, asked.IsLive ? Mode.Live : Mode.Test));
        }
        catch (JsonException fault)
        {
            throw new PoisonMessageException("It is no delivery.", fault) { Poison = message };
        }
    }

    /// <summary>The webhook and the delivery of an attempt that is still to be made; null where there is none.</summary>
    /// <exception cref="PoisonMessageException">There have been enough.</exception>
    private async ValueTask<(Webhook Webhook, Delivery Delivery)?> FindAsync(Tenant tenant, DeliveryMessage asked, ReceivedMessage message, CancellationToken cancellationToken)
    {
        if (await webhooks.FindAsync(tenant, asked.WebhookId, cancellationToken) is not { } found) return null;
        if (await deliveries.FindAsync(tenant, asked.WebhookId, asked.DeliveryId, cancellationToken) is not { } delivery) return null;
        if (asked.IsAskedFor) return (found.Webhook, delivery.Delivery);
        if (delivery.Delivery.Status != DeliveryStatus.Pending) return null;
        if (asked.Attempt <= RetryPlan.MaxAttempts && time.GetUtcNow() - delivery.Delivery.CreatedAt <= RetryPlan.MaxAge) return (found.Webhook, delivery.Delivery);
        await deliveries.ChangeAsync(tenant, asked.WebhookId, asked.DeliveryId, d => d with { Status = DeliveryStatus.Failed, NextAttemptAt = null }, cancellationToken);
        throw new PoisonMessageException("The delivery was tried for three days.") { Poison = message };
    }

    private async Task AttemptAsync(Tenant tenant, Webhook webhook, Delivery delivery, DeliveryRooms.Room room)
    {
        // Not on the queue's turn, also as long as nothing has been waited for.
        await Task.Yield();
        try
        {
            if (await webhooks.FindSecretsAsync(webhook, CancellationToken.None) is not { } secrets) return;
            var (status, error) = await client.SendAsync(webhook, secrets, delivery, CancellationToken.None);
            room.HasAnswered = status is not null;
            room.Dispose();
            var now = time.GetUtcNow();
            await deliveries.ChangeAsync(tenant, webhook.Id, delivery.Id, d =>
            {
                var tried = d with { Attempts = d.Attempts + 1, LastStatusCode = status, LastError = error };
                if (error is null) return tried with { Status = DeliveryStatus.Succeeded, DeliveredAt = d.DeliveredAt ?? now, NextAttemptAt = null };
                return tried;
            }, CancellationToken.None);
        }
        catch (Exception fault) when (fault is TableStoreException or VaultException or ObjectDisposedException)
        {
            // The next attempt is in the queue.
        }
        finally
        {
            room.Dispose();
        }
    }
}
