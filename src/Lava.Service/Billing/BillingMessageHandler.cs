using System.Text.Json;
using Lava.Core.Keys;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Subscriptions;
using Lava.Service.Billing.Wallets;
using Lava.Service.Ports.Queues;
using Lava.Service.Queues;
using Lava.Service.Storage;

namespace Lava.Service.Billing;

/// <summary>Looks at customers whose credits have changed: tops up what is used up, and tells the merchant of the balance. With another card what is owed is
/// paid at once.</summary>
public sealed class BillingMessageHandler(
    Biller biller,
    BalanceEvents balances,
    BillingBooks books,
    SubscriptionService subscriptions,
    WalletKeeper wallets,
    SpendKeyAlerts spendKeys) : IMessageHandler
{
    /// <inheritdoc/>
    public string Queue => BillingQueue.Name;

    /// <inheritdoc/>
    public int MaxMessages => 32;

    /// <inheritdoc/>
    public async ValueTask HandleAsync(string session, IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        // A session is a customer, a wallet or a spend key: the newest state answers all its messages, and the newest card is the one to try.
        BillingMessage? last = null;
        string? card = null;
        foreach (var message in messages)
        {
            try
            {
                last = Json.Read(message.Body, BillingJson.Default.BillingMessage);
                card = last.CardId ?? card;
            }
            catch (JsonException fault)
            {
                throw new PoisonMessageException("It is no billing message.", fault) { Poison = message };
            }
        }

        var tenant = new Tenant(last!.MerchantId, last.IsLive ? Mode.Live : Mode.Test);
        if (last.SpendKeyId is { } spendKeyId)
        {
            await spendKeys.TellAsync(tenant, spendKeyId, cancellationToken);
            return;
        }

        if (last.CustomerId.Length == 0)
        {
            await wallets.RunAsync(tenant, cancellationToken);
            return;
        }

        if (await books.ReadAsync(tenant, last.CustomerId, cancellationToken) is not { } state) return;
        var owner = new BillingOwner(tenant, last.CustomerId, state.Head.TestClockId);
        if (card is not null) await subscriptions.CardGivenAsync(owner, card, cancellationToken);
        await biller.RunAsync(owner, cancellationToken);
        await balances.TellAsync(owner, cancellationToken);
    }
}
