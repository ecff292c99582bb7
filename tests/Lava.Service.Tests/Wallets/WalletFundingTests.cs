using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Service.Billing.Wallets;
using Lava.Service.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Payments;
using Lava.Service.Payments.Simulator;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;
using Lava.Service.Queues;
using Lava.Service.Storage;
using Lava.Service.Tests.Billing;

namespace Lava.Service.Tests.Wallets;

public sealed class WalletFundingTests
{
    private const string Authenticates = "pm_card_authenticationRequired";

    [Fact]
    public async Task A_payment_is_posted_from_funding_to_the_wallet_with_its_id_as_the_cause()
    {
        var funding = await FundingWorld.CreateAsync();
        var payment = await funding.FundAsync();
        var newest = (await funding.World.Store.QueryAsync(TableNames.Books, BookKey.Wallet(funding.Tenant).Partition, KeyRange.Prefix(BookRows.EntryPrefix), 1, default)).Single();
        var entry = Json.Read(newest.Data, LedgerJson.Default.Entry);
        (entry.Reason, entry.Cause).ShouldBe((EntryReason.Funding, payment.Id));
        entry.Postings.ShouldBe([new Posting(Account.Wallet, 25), new Posting(Account.Funding, -25)]);
        await funding.CheckAsync(25);
    }

    [Theory]
    [InlineData("pm_card_visa", 25)]
    [InlineData("pm_card_chargeDeclined", 0)]
    public async Task Whatever_dies_while_a_wallet_is_funded_money_taken_is_credited_once_and_no_more_is_taken(string card, int pays)
    {
        var hasPaid = false;
        for (var commits = 0; ; commits++)
        {
            foreach (var isDone in new[] { false, true })
            {
                var funding = await FundingWorld.CreateAsync(card);
                funding.World.Tables.DieAfter(commits, isDone);
                try
                {
                    await funding.World.Get<WalletFunding>().FundAsync(funding.Tenant, funding.Card, 25, null, default);
                }
                catch (FaultyTables.DeadException)
                {
                }

                if (!funding.World.Tables.IsDead)
                {
                    commits.ShouldBeGreaterThan(2);
                    hasPaid.ShouldBe(pays > 0);
                    return;
                }

                await funding.World.RestartAsync();
                await funding.DeliverAsync(TimeSpan.FromMinutes(1), times: 3);

                // Before the intent is written nothing is begun; from then on it is carried to its end.
                var made = await funding.PaymentsAsync();
                made.Count.ShouldBeLessThanOrEqualTo(1);
                if (commits > 0) made.Count.ShouldBe(1, $"{commits} {isDone}");
                hasPaid |= made.Any(payment => payment.Status == PaymentStatus.Succeeded);
                await funding.CheckAsync(made.Count * pays);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whatever_dies_while_a_payment_is_authenticated_the_wallet_has_what_was_paid_a_minute_later(bool isApproved)
    {
        for (var commits = 0; ; commits++)
        {
            foreach (var isDone in new[] { false, true })
            {
                var funding = await FundingWorld.CreateAsync(Authenticates);
                var waiting = await funding.FundAsync();

                // The look at what was begun comes only after the test is over: this is about the event.
                funding.World.Tables.DieAfter(commits, isDone);
                try
                {
                    await funding.AuthenticateAsync(waiting.Id, isApproved);
                }
                catch (FaultyTables.DeadException)
                {
                }

                var isDead = funding.World.Tables.IsDead;
                if (isDead) await funding.World.RestartAsync();
                funding.World.Tables.Live();
                await DeliverEventsAsync(funding);
                var payment = (await funding.World.Get<IPaymentProcessor>().FindAsync(waiting.Id, default))!;
                await funding.CheckAsync(payment.Status == PaymentStatus.Succeeded ? 25 : 0);
                if (!isDead)
                {
                    commits.ShouldBeGreaterThan(isApproved ? 2 : 1);
                    payment.Status.ShouldBe(isApproved ? PaymentStatus.Succeeded : PaymentStatus.Failed);
                    return;
                }
            }
        }
    }

    [Fact]
    public async Task Request_listener_and_message_at_once_credit_once()
    {
        var funding = await FundingWorld.CreateAsync();
        var payment = await funding.FundAsync("k");
        var wallet = funding.World.Get<WalletFunding>();
        await using var other = funding.World.NewInstance();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(async () =>
        {
            if (i % 3 == 0) await funding.FundAsync("k");
            else if (i % 3 == 1) await wallet.PaymentEndedAsync(payment, "wallet:k", funding.Owner, default);
            else await BillingWorld.GetFrom<WalletFunding>(other).CreditAsync(funding.Tenant, payment, default);
        })));
        await funding.DeliverAsync(TimeSpan.FromMinutes(1), times: 3);
        await funding.CheckAsync(25);
    }

    [Fact]
    public async Task Two_instances_with_one_key_make_one_payment_and_credit_it_once()
    {
        var funding = await FundingWorld.CreateAsync();
        await using var other = funding.World.NewInstance();
        await Task.WhenAll(
            Task.Run(async () => await funding.FundAsync("k")),
            Task.Run(async () => await BillingWorld.GetFrom<WalletFunding>(other).FundAsync(funding.Tenant, funding.Card, 25, "k", default)));
        (await funding.PaymentsAsync()).Count.ShouldBe(1);
        await funding.CheckAsync(25);
    }

    [Fact]
    public async Task A_key_with_another_card_or_amount_is_another_payment()
    {
        var funding = await FundingWorld.CreateAsync();
        await funding.FundAsync("k", 25);
        await funding.FundAsync("k", 30);
        await funding.FundAsync("k", 25.00m);
        await funding.CheckAsync(55);
    }

    [Fact]
    public async Task An_authenticated_payment_is_credited_at_once_and_once()
    {
        var funding = await FundingWorld.CreateAsync(Authenticates);
        var waiting = await funding.FundAsync();
        await funding.CheckAsync(0);
        await funding.AuthenticateAsync(waiting.Id, true);
        await funding.CheckAsync(25);
        await funding.AuthenticateAsync(waiting.Id, false);
        for (var i = 0; i < 4; i++) await funding.DeliverAsync(TimeSpan.FromHours(1), times: 2);
        await funding.CheckAsync(25);
    }

    [Fact]
    public async Task A_payment_for_which_nobody_comes_is_given_up_and_can_be_authenticated_no_more()
    {
        var funding = await FundingWorld.CreateAsync(Authenticates);
        var waiting = await funding.FundAsync();
        for (var i = 0; i < 4; i++) await funding.DeliverAsync(TimeSpan.FromHours(1));
        (await funding.AuthenticateAsync(waiting.Id, true)).DeclineCode.ShouldBe("canceled");
        await funding.CheckAsync(0);
    }

    [Fact]
    public async Task A_listener_that_fails_is_told_again_and_keeps_none_from_hearing()
    {
        var funding = await FundingWorld.CreateAsync(Authenticates);
        var waiting = await funding.FundAsync();
        var (failing, hearing) = (new Listener { IsFailing = true }, new Listener());
        var processor = funding.World.Get<SimulatedProcessor>();
        var events = new PaymentEvents(processor, funding.World.Get<IMessageQueue>(), [failing, hearing], Microsoft.Extensions.Logging.Abstractions.NullLogger<PaymentEvents>.Instance);
        var ended = await events.EndAsync(waiting.Id, "key", funding.Owner, token => processor.AuthenticateAsync(waiting.Id, true, token), default);
        (ended.Status, hearing.Heard.Count, failing.Heard.Count).ShouldBe((PaymentStatus.Succeeded, 1, 0));

        funding.World.Move(TimeSpan.FromMinutes(1));
        await using var batch = (await funding.World.Get<IMessageQueue>().ReceiveAsync(events.Queue, 10, TimeSpan.Zero, default))!;
        await Should.ThrowAsync<AggregateException>(async () => await events.HandleAsync(batch.Session, batch.Messages, default));
        failing.IsFailing = false;
        await events.HandleAsync(batch.Session, batch.Messages, default);
        failing.Heard.ShouldBe([(ended, "key", funding.Owner)]);
    }

    [Fact]
    public async Task What_is_given_back_of_a_payment_leaves_the_wallet_once_whoever_tells_it_in_whatever_order()
    {
        var funding = await FundingWorld.CreateAsync();
        var paid = await funding.FundAsync(amount: 25);
        var (wallet, processor) = (funding.World.Get<WalletFunding>(), funding.World.Get<IPaymentProcessor>());
        var some = await processor.RefundAsync(new RefundRequest("a", paid.Id, 4.5m), default);
        var all = await processor.RefundAsync(new RefundRequest("b", paid.Id, 25), default);
        await wallet.PaymentEndedAsync(some, "wallet:k", PaymentOwners.Customer(funding.Tenant, "con_test_x"), default);
        await wallet.PaymentEndedAsync(some, "other", funding.Owner, default);
        (await funding.BalanceAsync()).ShouldBe(FundingWorld.Before + 25);

        await wallet.PaymentEndedAsync(some, "wallet:k", funding.Owner, default);
        (await funding.BalanceAsync()).ShouldBe(FundingWorld.Before + 20.5m);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () => await wallet.PaymentEndedAsync(i % 2 == 0 ? all : some, "wallet:k", funding.Owner, default))));
        (await funding.BalanceAsync()).ShouldBe(FundingWorld.Before);
        (await funding.World.AuditAsync()).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_payment_of_which_one_hears_only_after_it_was_given_back_leaves_the_wallet_as_it_was()
    {
        var funding = await FundingWorld.CreateAsync();
        var request = new ChargeRequest { Key = "wallet:late", Owner = funding.Owner, Amount = 10, Description = "Wallet" };
        var paid = await funding.World.Get<IPaymentProcessor>().ChargeAsync(request, default);
        var back = await funding.World.Get<IPaymentProcessor>().RefundAsync(new RefundRequest("a", paid.Id, 10), default);
        await funding.World.Get<WalletFunding>().PaymentEndedAsync(back, request.Key, funding.Owner, default);
        (await funding.BalanceAsync()).ShouldBe(FundingWorld.Before);
        (await funding.World.AuditAsync()).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_report_of_the_processor_is_looked_into_and_has_a_name_of_its_own_in_the_queue()
    {
        var funding = await FundingWorld.CreateAsync(Authenticates);
        var waiting = await funding.FundAsync("k");
        var processor = funding.World.Get<SimulatedProcessor>();
        var events = funding.World.Get<PaymentEvents>();
        var key = (await processor.FindStoredAsync(waiting.Id, default))!.Key;

        // One comes before the payment has ended, one after; the second is not taken for the first.
        await events.ReportAsync("evt_1", waiting.Id, key, funding.Owner, default);
        await funding.DeliverAsync(TimeSpan.FromSeconds(1));
        (await funding.BalanceAsync()).ShouldBe(FundingWorld.Before);
        await processor.AuthenticateAsync(waiting.Id, true, default);
        for (var i = 0; i < 2; i++) await events.ReportAsync("evt_2", waiting.Id, key, funding.Owner, default);
        await funding.DeliverAsync(TimeSpan.FromSeconds(1));
        await funding.CheckAsync(25);
    }

    [Fact]
    public async Task Anothers_payment_and_one_that_is_no_funding_are_not_credited()
    {
        var funding = await FundingWorld.CreateAsync();
        var wallet = funding.World.Get<WalletFunding>();
        var payment = await funding.World.Get<IPaymentProcessor>().ChargeAsync(new ChargeRequest { Key = "other", Owner = funding.Owner, Amount = 10, Description = "Other" }, default);
        await wallet.PaymentEndedAsync(payment, "other", funding.Owner, default);
        await wallet.PaymentEndedAsync(payment, "wallet:other", PaymentOwners.Customer(funding.Tenant, "con_test_x"), default);
        (await funding.BalanceAsync()).ShouldBe(FundingWorld.Before);
        (await funding.World.Get<Funds>().WalletBalanceAsync(new Tenant(funding.Tenant.MerchantId, Mode.Live), default)).ShouldBe(0);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[]")]
    public async Task A_message_that_is_none_is_poison(string body)
    {
        var funding = await FundingWorld.CreateAsync();
        foreach (var handler in new IMessageHandler[] { funding.World.Get<WalletFunding>(), funding.World.Get<PaymentEvents>() })
        {
            await funding.World.Get<IMessageQueue>().SendAsync(handler.Queue, [new OutgoingMessage("m", "s", System.Text.Encoding.UTF8.GetBytes(body))], default);
            await using var batch = (await funding.World.Get<IMessageQueue>().ReceiveAsync(handler.Queue, 10, TimeSpan.Zero, default))!;
            (await Should.ThrowAsync<PoisonMessageException>(async () => await handler.HandleAsync(batch.Session, batch.Messages, default))).Poison!.Id.ShouldBe("m");
        }
    }

    private static async Task DeliverEventsAsync(FundingWorld funding)
    {
        var events = funding.World.Get<PaymentEvents>();
        for (var i = 0; i < 2; i++)
        {
            funding.World.Move(TimeSpan.FromSeconds(10));
            while (await funding.World.Get<IMessageQueue>().ReceiveAsync(events.Queue, 10, TimeSpan.Zero, default) is { } batch)
            {
                await using (batch)
                {
                    await events.HandleAsync(batch.Session, batch.Messages, default);
                    await batch.CompleteAsync(batch.Messages, default);
                }
            }
        }
    }

    private sealed class Listener : IPaymentListener
    {
        public bool IsFailing { get; set; }

        public List<(Payment, string, string)> Heard { get; } = [];

        public ValueTask PaymentEndedAsync(Payment payment, string key, string owner, CancellationToken cancellationToken)
        {
            if (IsFailing) throw new InvalidOperationException("Not now.");
            Heard.Add((payment, key, owner));
            return ValueTask.CompletedTask;
        }
    }
}
