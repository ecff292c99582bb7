using System.Text.Json;
using Lava.Core.Keys;
using Lava.Service.Ports;
using Lava.Service.Queues;
using Lava.Service.Storage;

namespace Lava.Service.Billing;

/// <summary>Looks at customers whose credits have changed: tops up what is used up, and tells the merchant of the balance.</summary>
public sealed class BillingMessageHandler(Biller biller, BalanceEvents balances) : IMessageHandler
{
    /// <inheritdoc/>
    public string Queue => BillingQueue.Name;

    /// <inheritdoc/>
    public int MaxMessages => 32;

    /// <inheritdoc/>
    public async ValueTask HandleAsync(string session, IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        // A session is a customer: the newest state answers all its messages.
        BillingMessage? last = null;
        foreach (var message in messages)
        {
            try
            {
                last = Json.Read(message.Body, BillingJson.Default.BillingMessage);
            }
            catch (JsonException fault)
            {
                throw new PoisonMessageException("It is no billing message.", fault) { Poison = message };
            }
        }

        var owner = new BillingOwner(new Tenant(last!.MerchantId, last.IsLive ? Mode.Live : Mode.Test), last.CustomerId, last.ClockId);
        await biller.RunAsync(owner, cancellationToken);
        await balances.TellAsync(owner, cancellationToken);
    }
}
