using System.Globalization;
using System.Text;
using Lava.Core.Billing;
using Lava.Core.Ledger;
using Lava.Service.Api.Lists;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Subscriptions;
using Lava.Service.Customers.Subscriptions;
using Lava.Service.Payments;
using Lava.Service.Ports.Payments;
using Lava.Service.Pricing.Plans;
using Lava.Service.Tests.Support;
using Xunit.Abstractions;

namespace Lava.Service.Tests.Billing;

/// <summary>Random sequences of what can happen to a customer's billing, crashes at any write and second deliveries among it, against the model. A seed that fails is
/// printed and can be run alone: <c>LAVA_SEED=n dotnet test --filter BillingModelTests</c>.</summary>
public sealed class BillingModelTests(ITestOutputHelper output)
{
    private const int Sequences = 5_000;

    private static readonly DateTimeOffset Start = new(2028, 1, 31, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task Billing_is_what_the_rules_say_whatever_happens_in_which_order()
    {
        var only = Environment.GetEnvironmentVariable("LAVA_SEED");
        var first = only is null ? Random.Shared.Next(1_000_000_000) : int.Parse(only, CultureInfo.InvariantCulture);
        output.WriteLine($"Seeds from {first} on.");
        await Parallel.ForEachAsync(Enumerable.Range(first, only is null ? TestStore.Cases(Sequences) : 1), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, async (seed, _) => await RunAsync(seed));
    }

    private static async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        var log = new StringBuilder();
        try
        {
            var sequence = new Sequence(random, log);
            await sequence.BeginAsync();
            for (var i = random.Next(4, 16); i > 0; i--) await sequence.StepAsync();
            await sequence.EndAsync();
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"LAVA_SEED={seed} fails after:\n{log}", fault);
        }
    }

    private sealed class Sequence(Random random, StringBuilder log)
    {
        private readonly List<Plan> _paid = [];
        private BillingWorld _world = null!;
        private BillingOwner _owner;
        private BillingModel _model = null!;
        private string _goodCard = "";
        private string _badCard = "";

        public async Task BeginAsync()
        {
            _world = await BillingWorld.CreateAsync(Start, 5);
            _paid.Add(await _world.AddPlanAsync("A", 10, 10, BillingInterval.Month, rolls: false, bundlesRoll: true));
            _paid.Add(await _world.AddPlanAsync("B", 20, 25, BillingInterval.Month, rolls: true, bundlesRoll: true));
            _paid.Add(await _world.AddPlanAsync("C", 30, 20, BillingInterval.Week, rolls: false, bundlesRoll: false));
            _paid.Add(await _world.AddPlanAsync("D", 5, 2, BillingInterval.Day, rolls: true, bundlesRoll: false, topsUp: true));
            _owner = await _world.AddCustomerAsync();
            var cards = _world.Get<IPaymentProcessor>();
            var who = PaymentOwners.Customer(_owner.Tenant, _owner.CustomerId);
            _goodCard = (await cards.ListMethodsAsync(who, default))[0].Id;
            _badCard = (await cards.AddMethodAsync(who, "pm_card_chargeDeclined", default)).Method!.Id;
            var state = await _world.StateAsync(_owner);
            var free = (await _world.Get<PlanStore>().FindEverAsync(_owner.Tenant, state.Subscription.PlanId, default))!;
            _model = new BillingModel(free, _paid, Start);
            if (random.Next(2) == 0)
            {
                _model.Limits = (random.Next(2) == 0 ? 10 : null, random.Next(2) == 0 ? 25 : null);
                await _world.Get<SubscriptionService>().SetTopUpLimitsAsync(_owner, state.Subscription.Id, new TopUpLimits(_model.Limits.Day, _model.Limits.Cycle), default);
            }

            await CompareAsync();
        }

        public async Task StepAsync()
        {
            var dies = random.Next(6) == 0;
            if (dies) _world.Tables.DieAfter(random.Next(14), random.Next(2) == 0);
            switch (random.Next(100))
            {
                case < 32:
                    await UseAsync(Math.Round((decimal)random.NextDouble() * (random.Next(8) == 0 ? 400 : 12), 2) + 0.01m, random.Next(4) == 0);
                    break;
                case < 37:
                    await AdjustAsync(Math.Round(((decimal)random.NextDouble() * 16) - 8, 2) is var amount and not 0 ? amount : 1);
                    break;
                case < 41:
                    await BeOffAsync(TimeSpan.FromHours(random.Next(1, 3_000)));
                    break;
                case < 44:
                    await PayNowAsync();
                    break;
                case < 47:
                    await GiveCardAsync();
                    break;
                case < 49:
                    await WithdrawAsync(_paid[random.Next(_paid.Count)]);
                    break;
                case < 65:
                    await AdvanceAsync(TimeSpan.FromHours(random.Next(1, random.Next(2) == 0 ? 60 : 1_000)));
                    break;
                case < 78:
                    await SubscribeAsync(_paid[random.Next(_paid.Count)]);
                    break;
                case < 85:
                    await BuyAsync();
                    break;
                case < 90:
                    await SetTopUpAsync(random.Next(3) > 0);
                    break;
                case < 94:
                    await CancelAsync();
                    break;
                default:
                    await SetCardAsync(random.Next(2) == 0);
                    break;
            }

            _world.Tables.Live();
            await CompareAsync();
        }

        public async Task EndAsync()
        {
            var report = await _world.AuditAsync();
            report.Faults.ShouldBeEmpty();
            (await _world.PaidAsync(_owner)).ShouldBe(_model.Paid);
            var head = (await _world.StateAsync(_owner)).Head;
            head.Balance(Account.Payments).ShouldBe(-_model.Paid);
            (head.Balance(Account.SubscriptionFees) + head.Balance(Account.BundleSales)).ShouldBe(_model.Paid);
            var list = _world.Get<SubscriptionList>();
            (await list.PageAsync(_owner.Tenant, true, new ListQuery(100, null), default))!.Data.ShouldHaveSingleItem();
            (await list.PageAsync(_owner.Tenant, false, new ListQuery(100, null), default))!.Data.Count.ShouldBe(_model.Ended);
        }

        private async Task UseAsync(decimal amount, bool isTwice)
        {
            log.AppendLine(CultureInfo.InvariantCulture, $"use {amount}{(isTwice ? " twice delivered" : "")}");
            var record = _world.Usage(_owner, amount);
            await UntilDoneAsync(() => _world.MeterAsync(record));
            _model.Use(amount);
            if (isTwice) await UntilDoneAsync(() => _world.MeterAsync(record));
        }

        private async Task AdvanceAsync(TimeSpan by)
        {
            var target = _model.Now + by;
            log.AppendLine(CultureInfo.InvariantCulture, $"advance to {target:u}");
            await UntilDoneAsync(() => _world.AdvanceAsync(target));
            _model.Advance(target);
        }

        private async Task AdjustAsync(decimal amount)
        {
            log.AppendLine(CultureInfo.InvariantCulture, $"adjust by {amount}");
            var before = (await _world.StateAsync(_owner)).Head.Sequence;
            try
            {
                await _world.Get<SubscriptionService>().AdjustAsync(_owner, amount, "by hand", default);
            }
            catch (FaultyTables.DeadException)
            {
                log.AppendLine("  died");
                await _world.RestartAsync();
                if ((await _world.StateAsync(_owner)).Head.Sequence == before) return;
            }

            _model.Adjust(amount);
        }

        private async Task BeOffAsync(TimeSpan by)
        {
            var target = _model.Now + by;
            log.AppendLine(CultureInfo.InvariantCulture, $"be off until {target:u}");
            await UntilDoneAsync(() => _world.JumpAsync(target));
            _model.Outage(target);
        }

        private async Task PayNowAsync()
        {
            log.AppendLine("pay now");
            await UntilDoneAsync(async () => await _world.Get<SubscriptionService>().PayAsync(_owner, null, new Purchase(), default));
            _model.PayNow(_model.CardWorks);
        }

        private async Task GiveCardAsync()
        {
            log.AppendLine("give a good card");
            await UntilDoneAsync(async () => await _world.Get<SubscriptionService>().CardGivenAsync(_owner, _goodCard, default));
            _model.GiveCard();
        }

        private async Task WithdrawAsync(Plan plan)
        {
            if (_model.Withdrawn.Count > 0) return;
            log.AppendLine(CultureInfo.InvariantCulture, $"withdraw {plan.Name}");
            await UntilDoneAsync(() => _world.WithdrawAsync(plan));
            _model.Withdrawn.Add(plan.Id);
        }

        private async Task SubscribeAsync(Plan plan)
        {
            if (_model.Withdrawn.Contains(plan.Id)) return;
            log.AppendLine(CultureInfo.InvariantCulture, $"subscribe to {plan.Name}");
            await UntilDoneAsync(async () => await _world.Get<SubscriptionService>().SubscribeAsync(_owner, plan, new Purchase(), default));
            _model.Subscribe(plan);
        }

        private async Task BuyAsync()
        {
            if (_model.Plan.Bundles.Count == 0 || _model.Withdrawn.Contains(_model.Plan.Id)) return;
            log.AppendLine("buy a bundle");
            var before = (await _world.StateAsync(_owner)).Subscription.Payments;
            try
            {
                await _world.Get<SubscriptionService>().BuyBundleAsync(_owner, _model.Plan.Bundles[0], new Purchase(), default);
            }
            catch (FaultyTables.DeadException)
            {
                // Nobody repeats a purchase whose end is unknown: it was begun, or it never was.
                log.AppendLine("  died");
                await _world.RestartAsync();
                if ((await _world.StateAsync(_owner)).Subscription.Payments == before) return;
            }

            _model.Buy();
        }

        private async Task SetTopUpAsync(bool isOn)
        {
            if (_model.Plan.Bundles.Count == 0 || _model.Withdrawn.Contains(_model.Plan.Id)) return;
            log.AppendLine(isOn ? "top-up on" : "top-up off");
            var subscription = (await _world.StateAsync(_owner)).Subscription.Id;
            var bundle = isOn ? _model.Plan.Bundles[0].Id : null;
            var isRepeated = await UntilDoneAsync(async () => await _world.Get<SubscriptionService>().SetTopUpAsync(_owner, subscription, bundle, default));
            _model.SetTopUp(isOn);
            _ = isRepeated;
        }

        private async Task CancelAsync()
        {
            log.AppendLine("cancel");
            var subscription = (await _world.StateAsync(_owner)).Subscription.Id;
            await UntilDoneAsync(async () => await _world.Get<SubscriptionService>().CancelAsync(_owner, subscription, default));
            _model.Cancel();
        }

        private async Task SetCardAsync(bool works)
        {
            log.AppendLine(works ? "good card" : "bad card");
            await UntilDoneAsync(async () => await _world.Get<IPaymentProcessor>().SetDefaultMethodAsync(PaymentOwners.Customer(_owner.Tenant, _owner.CustomerId), works ? _goodCard : _badCard, default));
            _model.CardWorks = works;
        }

        /// <summary>Does it, again after each death, as a queue or a client does.</summary>
        private async Task<bool> UntilDoneAsync(Func<Task> work)
        {
            var hasDied = false;
            while (true)
            {
                try
                {
                    await work();
                    return hasDied;
                }
                catch (FaultyTables.DeadException)
                {
                    log.AppendLine("  died");
                    hasDied = true;
                    await _world.RestartAsync();
                }
            }
        }

        private async Task CompareAsync()
        {
            var state = await _world.StateAsync(_owner);
            var (subscription, head) = (state.Subscription, state.Head);
            var actual = new
            {
                Balance = head.Balance(Account.Credits), Cycle = Credits.OfCycle(head), Bundle = Credits.OfBundles(head), subscription.PlanId, subscription.CycleEnd,
                Pending = subscription.Pending is { } pending ? pending.PlanId ?? "cancel" : null, PastDue = subscription.PastDue?.RetryAt, TopsUp = subscription.TopUpBundleId is not null,
                subscription.Paying,
            };
            var expected = new
            {
                _model.Balance, Cycle = _model.Cycle - _model.Owed, _model.Bundle, PlanId = _model.Plan.Id, _model.CycleEnd, _model.Pending, PastDue = _model.PastDue?.RetryAt, _model.TopsUp,
                Paying = (PaymentIntent?)null,
            };
            log.AppendLine(CultureInfo.InvariantCulture, $"    {expected.Balance} ({expected.Cycle} + {expected.Bundle}) until {expected.CycleEnd:u}");
            actual.Equals(expected).ShouldBeTrue($"{actual}\nshould be\n{expected}");
        }
    }
}
