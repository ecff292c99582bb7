using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Service.Ports;
using Lava.Service.Storage;

namespace Lava.Service.Billing;

/// <summary>Asks, after charges, that the customer's billing be looked at, where that can matter: the credits are used up, or the merchant wants to be told. Sent before the
/// usage message is done with, so a crash between loses nothing.</summary>
public sealed class BillingSignals(IMessageQueue queue, IBillingEvents events, TimeProvider time)
{
    /// <summary>Looks at the credits after a batch of charges.</summary>
    public async ValueTask AfterChargesAsync(Tenant tenant, string customerId, BookHead head, CancellationToken cancellationToken)
    {
        var isEmpty = head.Balance(Account.Credits) <= 0;
        if (!isEmpty && !await events.HasListenersAsync(tenant, cancellationToken)) return;
        var message = new BillingMessage(tenant.MerchantId, tenant.Mode == Mode.Live, customerId, head.TestClockId);
        var body = Json.Write(message, BillingJson.Default.BillingMessage);

        // Used-up credits are looked at once for each state of the book. A balance is told once a second: another message with the second's id is dropped by the queue,
        // and this one is due when the second is over, so none of the second's charges is missed.
        var outgoing = isEmpty
            ? new OutgoingMessage($"{customerId}|empty|{head.Sequence}", customerId, body)
            : new OutgoingMessage($"{customerId}|balance|{time.GetUtcNow().ToUnixTimeSeconds()}", customerId, body, TimeSpan.FromSeconds(1));
        await queue.SendAsync(BillingQueue.Name, [outgoing], cancellationToken);
    }
}
