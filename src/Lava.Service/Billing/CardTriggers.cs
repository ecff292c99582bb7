using Lava.Core.Keys;
using Lava.Service.Billing.Books;
using Lava.Service.Payments;
using Lava.Service.Ports.Queues;
using Lava.Service.Storage;

namespace Lava.Service.Billing;

/// <summary>Says that a customer has given a card, so that what could not be paid is tried with it at once. A checkout says nothing: it pays by
/// itself.</summary>
public sealed class CardTriggers(IMessageQueue queue)
{
    /// <summary>Says it, durably; nothing happens for a merchant's card. The same card is told once.</summary>
    /// <param name="owner">Whose card (<see cref="PaymentOwners"/>).</param>
    /// <param name="paymentMethodId">The card.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask GivenAsync(string owner, string paymentMethodId, CancellationToken cancellationToken)
    {
        var (tenant, customerId) = PaymentOwners.Read(owner);
        if (customerId is null) return ValueTask.CompletedTask;
        var message = new BillingMessage(tenant.MerchantId, tenant.Mode == Mode.Live, customerId, null, paymentMethodId);
        return queue.SendAsync(
            BillingQueue.Name,
            [new OutgoingMessage($"{customerId}|card|{paymentMethodId}", customerId, Json.Write(message, BillingJson.Default.BillingMessage))],
            cancellationToken);
    }
}
