using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Wallets;
using Lava.Service.Ports.Queues;
using Lava.Service.Storage;

namespace Lava.Service.Billing;

/// <summary>Asks, after charges, that the customer's billing be looked at, where that can matter: the credits are used up, or the merchant wants to be told.
/// Sent before the usage message is done with, so a crash between loses nothing.</summary>
public sealed class BillingTriggers(IMessageQueue queue, IBillingEvents events, AutoReloadStore reloads, TimeProvider time)
{
    /// <summary>Looks at the credits after a batch of charges.</summary>
    public async ValueTask AfterChargesAsync(Tenant tenant, string customerId, BookHead head, CancellationToken cancellationToken)
    {
        var isEmpty = head.Balance(Account.Credits) <= 0;
        if (!isEmpty && !await events.HasListenersAsync(tenant, cancellationToken)) return;
        var message = new BillingMessage(tenant.MerchantId, tenant.Mode == Mode.Live, customerId, head.TestClockId);
        var body = Json.Write(message, BillingJson.Default.BillingMessage);

        // Used-up credits are looked at once for each state of the book. A balance is told once a second: another message with the second's id is dropped by
        // the queue, and this one is due when the second is over, so none of the second's charges is missed.
        var outgoing = isEmpty
            ? new OutgoingMessage($"{customerId}|empty|{head.Sequence}", customerId, body)
            : new OutgoingMessage($"{customerId}|balance|{time.GetUtcNow().ToUnixTimeSeconds()}", customerId, body, TimeSpan.FromSeconds(1));
        await queue.SendAsync(BillingQueue.Name, [outgoing], cancellationToken);
    }

    /// <summary>Looks at a wallet after a batch of costs: it may have to be filled, or its use to be told.</summary>
    public async ValueTask AfterCostsAsync(Tenant tenant, BookHead head, CancellationToken cancellationToken)
    {
        var isLow = await reloads.FindCachedAsync(tenant, cancellationToken) is { } rule && head.Balance(Account.Wallet) < rule.Threshold;
        if (!isLow && !await events.HasListenersAsync(tenant, cancellationToken)) return;
        var id = isLow ? $"{tenant.Partition}|low|{head.Sequence}" : $"{tenant.Partition}|wallet|{time.GetUtcNow().ToUnixTimeSeconds()}";
        await SendAsync(
            new BillingMessage(tenant.MerchantId, tenant.Mode == Mode.Live, "", null),
            id,
            tenant.Partition,
            isLow ? TimeSpan.Zero : TimeSpan.FromSeconds(1),
            cancellationToken);
    }

    /// <summary>Looks at a spend key's limits after a batch of its calls.</summary>
    public async ValueTask AfterCallsAsync(Tenant tenant, string spendKeyId, CancellationToken cancellationToken)
    {
        if (!await events.HasListenersAsync(tenant, cancellationToken)) return;
        var message = new BillingMessage(tenant.MerchantId, tenant.Mode == Mode.Live, "", null, SpendKeyId: spendKeyId);
        await SendAsync(message, $"{spendKeyId}|{time.GetUtcNow().ToUnixTimeSeconds()}", spendKeyId, TimeSpan.FromSeconds(1), cancellationToken);
    }

    private ValueTask SendAsync(BillingMessage message, string id, string session, TimeSpan delay, CancellationToken cancellationToken) =>
        queue.SendAsync(
            BillingQueue.Name,
            [new OutgoingMessage(id, session, Json.Write(message, BillingJson.Default.BillingMessage), delay)],
            cancellationToken);
}
