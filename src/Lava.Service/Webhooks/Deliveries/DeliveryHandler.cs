using System.Text.Json;
using Lava.Core.Keys;
using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;
using Lava.Service.Ports.Vault;
using Lava.Service.Queues;
using Lava.Service.Storage;
using Lava.Service.Webhooks.Mail;
using Microsoft.Extensions.Options;

namespace Lava.Service.Webhooks.Deliveries;

/// <summary>Makes attempts at deliveries. The next attempt is in the queue before one is made, so a process that dies in the middle loses none. The queue never
/// waits for a receiver: an attempt goes on beside it where there is room (<see cref="DeliveryRooms"/>), and where there is none the message is put
/// off.</summary>
public sealed class DeliveryHandler(
    WebhookStore webhooks,
    AlertMailStore mail,
    DeliveryStore deliveries,
    WebhookEvents events,
    WebhookClient client,
    Mailer mailer,
    IOptions<WebhookOptions> options,
    TimeProvider time)
    : IMessageHandler
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
        var ready = new List<Ready>();
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
                    if (await FindAsync(tenant, one, message, cancellationToken) is not var (webhook, delivery)
                        || (!one.IsAskedFor && delivery.Begun >= one.Attempt))
                        continue;

                    // After the last attempt comes one more look, which ends it.
                    var wait = RetryPlan.After(one.Attempt, Random.Shared.NextDouble()) ?? TimeSpan.FromMinutes(1);
                    if (!one.IsAskedFor) asked.Add((one with { Attempt = one.Attempt + 1, Waits = 0 }, wait));
                    var next = one.IsAskedFor ? delivery.NextAttemptAt : one.Attempt == RetryPlan.MaxAttempts ? (DateTimeOffset?)null : time.GetUtcNow() + wait;
                    ready.Add(new Ready(tenant, one, webhook, delivery, next, room));
                    isReady = true;
                }
                finally
                {
                    if (!isReady) room.Dispose();
                }
            }

            // 2. What comes next is in the queue, all in one, before anything is sent.
            await events.AskAsync(session, asked, cancellationToken);
            for (var i = ready.Count - 1; i >= 0; i--)
            {
                if (ready[i].Asked.IsAskedFor || await BeginAsync(ready[i], cancellationToken)) continue;
                ready[i].Room.Dispose();
                ready.RemoveAt(i);
            }
        }
        catch
        {
            foreach (var one in ready) one.Room.Dispose();
            throw;
        }

        // 3. The attempts.
        var attempts = ready.Select(AttemptAsync).ToArray();
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

    // An attempt may be asked for twice, by who publishes an event again or by a message that comes again. It is begun once.
    private async ValueTask<bool> BeginAsync(Ready ready, CancellationToken cancellationToken)
    {
        var isBegun = false;
        await deliveries.ChangeAsync(ready.Tenant, ready.Asked.WebhookId, ready.Delivery.Id, delivery =>
        {
            isBegun = delivery.Status == DeliveryStatus.Pending && delivery.Begun < ready.Asked.Attempt;
            return isBegun ? delivery with { Begun = ready.Asked.Attempt, NextAttemptAt = ready.Next } : delivery;
        }, cancellationToken);
        return isBegun;
    }

    /// <summary>The webhook, null for mail, and the delivery of an attempt that is still to be made; null where there is none.</summary>
    /// <exception cref="PoisonMessageException">There have been enough.</exception>
    private async ValueTask<(Webhook? Webhook, Delivery Delivery)?> FindAsync(
        Tenant tenant,
        DeliveryMessage asked,
        ReceivedMessage message,
        CancellationToken cancellationToken)
    {
        var webhook = asked.WebhookId == AlertMail.Target ? null : (await webhooks.FindAsync(tenant, asked.WebhookId, cancellationToken))?.Webhook;
        if (webhook is null && asked.WebhookId != AlertMail.Target) return null;
        if (await deliveries.FindAsync(tenant, asked.WebhookId, asked.DeliveryId, cancellationToken) is not { } delivery) return null;
        if (asked.IsAskedFor) return (webhook, delivery.Delivery);
        if (delivery.Delivery.Status != DeliveryStatus.Pending) return null;
        if (webhook is null && (await mail.FindAsync(tenant, cancellationToken))?.Addresses.Contains(delivery.Delivery.Recipient!) != true)
        {
            await EndAsync("The address is no longer on the list.");
            return null;
        }

        if (asked.Attempt <= RetryPlan.MaxAttempts && time.GetUtcNow() - delivery.Delivery.CreatedAt <= RetryPlan.MaxAge) return (webhook, delivery.Delivery);
        await EndAsync(delivery.Delivery.LastError);
        throw new PoisonMessageException("The delivery was tried for three days.") { Poison = message };

        async ValueTask EndAsync(string? error) => await deliveries.ChangeAsync(
            tenant,
            asked.WebhookId,
            asked.DeliveryId,
            d => d with { Status = DeliveryStatus.Failed, NextAttemptAt = null, LastError = error },
            cancellationToken);
    }

    private async Task AttemptAsync(Ready ready)
    {
        var (tenant, asked, webhook, delivery, _, room) = ready;

        // Not on the queue's turn, also as long as nothing has been waited for.
        await Task.Yield();
        try
        {
            if (await SendAsync(webhook, delivery) is not var (status, error)) return;
            room.HasAnswered = status is not null;
            room.Dispose();
            var now = time.GetUtcNow();
            await deliveries.ChangeAsync(tenant, asked.WebhookId, delivery.Id, d =>
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

    // Null where there is nothing to sign with any more.
    private async ValueTask<(int? Status, string? Error)?> SendAsync(Webhook? webhook, Delivery delivery)
    {
        if (webhook is null)
        {
            return await mailer.SendAsync(
                delivery.Recipient!,
                new AlertText(delivery.Subject!, delivery.Body),
                delivery.Id,
                delivery.CreatedAt,
                CancellationToken.None);
        }
        return await webhooks.FindSecretsAsync(webhook, CancellationToken.None) is { } secrets
            ? await client.SendAsync(webhook, secrets, delivery, CancellationToken.None)
            : null;
    }

    private sealed record Ready(Tenant Tenant, DeliveryMessage Asked, Webhook? Webhook, Delivery Delivery, DateTimeOffset? Next, DeliveryRooms.Room Room);
}
