using Lava.Core.Keys;
using Lava.Service.Billing.Wallets;
using Lava.Service.Ledger;
using Lava.Service.Payments;
using Lava.Service.Payments.Simulator;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;
using Lava.Service.Queues;
using Lava.Service.Storage;
using Lava.Service.Tests.Billing;

namespace Lava.Service.Tests.Wallets;

/// <summary>A merchant's wallet of 1,000 dollars and a card, in a world that can die and be delivered its messages by hand.</summary>
internal sealed class FundingWorld
{
    public const decimal Before = 1_000;

    private FundingWorld(BillingWorld world, string card) => (World, Card) = (world, card);

    public BillingWorld World { get; }

    public string Card { get; }

    public Tenant Tenant => World.Tenant;

    public string Owner => PaymentOwners.Merchant(Tenant);

    public static async Task<FundingWorld> CreateAsync(string token = "pm_card_visa")
    {
        var world = await BillingWorld.CreateAsync(DateTimeOffset.UnixEpoch);
        var card = await world.Get<IPaymentProcessor>().AddMethodAsync(PaymentOwners.Merchant(world.Tenant), token, default);
        return new FundingWorld(world, card.Method!.Id);
    }

    public async Task<Payment> FundAsync(string? key = null, decimal amount = 25)
    {
        var (payment, error) = await World.Get<WalletFunding>().FundAsync(Tenant, Card, amount, key, default);
        error.ShouldBeNull();
        return payment!;
    }

    /// <summary>Does what the bank's page does.</summary>
    public async Task<Payment> AuthenticateAsync(string paymentId, bool isApproved)
    {
        var processor = World.Get<SimulatedProcessor>();
        var stored = (await processor.FindStoredAsync(paymentId, default))!;
        return await World.Get<PaymentEvents>().EndAsync(paymentId, stored.Key, stored.Owner, token => processor.AuthenticateAsync(paymentId, isApproved, token), default);
    }

    public async Task<decimal> BalanceAsync() => await World.Get<Funds>().WalletBalanceAsync(Tenant, default);

    public async Task<IReadOnlyList<Payment>> PaymentsAsync()
    {
        var rows = await World.Store.QueryAsync(TableNames.Payments, Owner, KeyRange.Prefix("payment|"), 100, default);
        return [.. rows.Select(row => Json.Read(row.Data, PaymentsJson.Default.StoredPayment).Payment)];
    }

    /// <summary>Moves real time and delivers what is due then, each message as often as asked.</summary>
    public async Task DeliverAsync(TimeSpan after, int times = 1)
    {
        World.Move(after);
        foreach (var handler in new IMessageHandler[] { World.Get<WalletFunding>(), World.Get<PaymentEvents>() })
        {
            while (await World.Get<IMessageQueue>().ReceiveAsync(handler.Queue, handler.MaxMessages, TimeSpan.Zero, default) is { } batch)
            {
                await using (batch)
                {
                    for (var i = 0; i < times; i++) await handler.HandleAsync(batch.Session, batch.Messages, default);
                    await batch.CompleteAsync(batch.Messages, default);
                }
            }
        }
    }

    /// <summary>The wallet holds exactly what its cards have paid, and the books agree with themselves.</summary>
    public async Task CheckAsync(decimal paid)
    {
        (await PaymentsAsync()).Where(payment => payment.Status == PaymentStatus.Succeeded).Sum(payment => payment.Amount).ShouldBe(paid);
        (await BalanceAsync()).ShouldBe(Before + paid);
        (await World.AuditAsync()).Faults.ShouldBeEmpty();
    }
}
