using System.Text.Json;
using Lava.Core.Keys;
using Lava.Service.Ports;
using Lava.Service.Queues;
using Lava.Service.Storage;

namespace Lava.Service.Webhooks;

/// <summary>Makes attempts at deliveries. The next attempt is in the queue before one is made, so a process that dies in the middle loses none, and the queue never waits for a
/// slow receiver: what takes longer than a moment goes on beside it.</summary>
public sealed class DeliveryHandler(WebhookStore webhooks, DeliveryStore deliveries, WebhookEvents events, WebhookClient client, TimeProvider time) : IMessageHandler, IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    /// <summary>Attempts under way at once on this instance.</summary>
    private readonly SemaphoreSlim _room = new(256, 256);

    /// <inheritdoc/>
    public string Queue => WebhookQueue.Name;

    /// <inheritdoc/>
    public int MaxMessages => 10;

    /// <inheritdoc/>
    public async ValueTask HandleAsync(string session, IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        foreach (var message in messages)
        {
            DeliveryMessage asked;
            try
            {
                asked = Json.Read(message.Body, WebhooksJson.Default.DeliveryMessage);
            }
            catch (JsonException fault)
            {
                throw new PoisonMessageException("It is no delivery.", fault) { Poison = message };
            }

            if (!await BeginAsync(asked, cancellationToken)) throw new PoisonMessageException("The delivery was tried for three days.") { Poison = message };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _room.Dispose();

    /// <summary>Begins an attempt; false where there have been enough.</summary>
    private async ValueTask<bool> BeginAsync(DeliveryMessage asked, CancellationToken cancellationToken)
    {
        var tenant = new Tenant(asked.MerchantId, asked.IsLive ? Mode.Live : Mode.Test);
        if (await webhooks.FindAsync(tenant, asked.WebhookId, cancellationToken) is not { } found) return true;
        if (await deliveries.FindAsync(tenant, asked.WebhookId, asked.DeliveryId, cancellationToken) is not { } delivery) return true;
        if (!asked.IsAskedFor)
        {
            if (delivery.Delivery.Status != DeliveryStatus.Pending) return true;
            if (asked.Attempt > RetryPlan.MaxAttempts)
            {
                await deliveries.ChangeAsync(tenant, asked.WebhookId, asked.DeliveryId, d => d with { Status = DeliveryStatus.Failed, NextAttemptAt = null }, cancellationToken);
                return false;
            }

            // After the last attempt comes one more look, which ends it.
            var wait = RetryPlan.After(asked.Attempt, Random.Shared.NextDouble()) ?? TimeSpan.FromMinutes(1);
            await events.AskAsync(tenant, asked.WebhookId, asked.DeliveryId, asked.Attempt + 1, isAskedFor: false, wait, cancellationToken);
            var next = asked.Attempt == RetryPlan.MaxAttempts ? (DateTimeOffset?)null : time.GetUtcNow() + wait;
            await deliveries.ChangeAsync(tenant, asked.WebhookId, asked.DeliveryId, d => d with { NextAttemptAt = next }, cancellationToken);
        }

        await _room.WaitAsync(cancellationToken);
        var attempt = AttemptAsync(tenant, found.Webhook, delivery.Delivery);
        await Task.WhenAny(attempt, Task.Delay(Moment, cancellationToken));
        return true;
    }

    private async Task AttemptAsync(Tenant tenant, Webhook webhook, Delivery delivery)
    {
        try
        {
            var secret = await webhooks.FindSecretAsync(webhook.Id, CancellationToken.None);
            if (secret is null) return;
            var (status, error) = await client.SendAsync(webhook, secret, delivery, CancellationToken.None);
            var now = time.GetUtcNow();
            await deliveries.ChangeAsync(tenant, webhook.Id, delivery.Id, d =>
            {
                var tried = d with { Attempts = d.Attempts + 1, LastStatusCode = status, LastError = error };
                if (error is null) return tried with { Status = DeliveryStatus.Succeeded, DeliveredAt = d.DeliveredAt ?? now, NextAttemptAt = null };
                return tried;
            }, CancellationToken.None);
        }
        catch (Exception fault) when (fault is TableStoreException or ObjectDisposedException)
        {
            // The next attempt is in the queue.
        }
        finally
        {
            _room.Release();
        }
    }
}
