using Lava.Core.Billing;
using Lava.Core.Keys;
using Lava.Service.Api.Lists;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Subscriptions;
using Lava.Service.Customers.Parties;
using Lava.Service.Invoices;
using Lava.Service.Ports.Payments;
using Lava.Service.Pricing.Plans;
using Lava.Service.Tests.Billing;
using Lava.Service.Tests.Wallets;

namespace Lava.Service.Tests.Invoices;

/// <summary>Documents of payments: what they say, and that each payment has one, under numbers without a gap.</summary>
public sealed class InvoicingTests
{
    private static readonly DateTimeOffset Start = new(2027, 1, 31, 0, 0, 0, TimeSpan.Zero);
    private static readonly ListQuery All = new(100, null);

    [Fact]
    public async Task A_subscription_its_renewal_and_a_bundle_have_an_invoice_each_with_what_was_bought_for_when()
    {
        var (world, owner, plan) = await BeginAsync();
        await world.Get<InvoiceDetailsStore>().SetAsync(
            world.Tenant.Partition,
            new InvoiceDetails("Seller Ltd", new PostalAddress("1 Road", Country: "DE"), "DE1", "VAT", 19, "A-", "Thanks"),
            default);
        var service = world.Get<SubscriptionService>();
        await service.SubscribeAsync(owner, plan, new Purchase(), default);
        await service.BuyBundleAsync(owner, plan.Bundles[0], new Purchase(), default);
        await world.AdvanceAsync(new DateTimeOffset(2027, 3, 1, 0, 0, 0, TimeSpan.Zero));

        var found = await ListAsync(world, owner);
        found.Select(one => one.Number).ShouldBe(["A-000003", "A-000002", "A-000001"]);
        var (renewal, bundle, first) = (found[0], found[1], found[2]);
        first.Lines.ShouldBe([new InvoiceLine("Pro, subscription", 20, 10, Start, new DateTimeOffset(2027, 2, 28, 0, 0, 0, TimeSpan.Zero))]);
        (first.Total, first.Tax, first.TaxRate, first.TaxName, first.IssuedAt).ShouldBe((20m, 3.19m, 19m, "VAT", Start));
        (first.Issuer, first.HasDetails, first.Footer, first.IsTest).ShouldBe((new BillingParty("Seller Ltd", new PostalAddress("1 Road", Country: "DE"), "DE1"), true, "Thanks", true));
        bundle.Lines.ShouldBe([new InvoiceLine("Pro bundle", 5, 6)]);
        (bundle.Total, bundle.Tax).ShouldBe((5m, 0.80m));

        // A year's days: a month from the 31st ends with February, the next with March.
        renewal.Lines.ShouldBe([new InvoiceLine("Pro, subscription", 20, 10, new DateTimeOffset(2027, 2, 28, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2027, 3, 31, 0, 0, 0, TimeSpan.Zero))]);
        renewal.IssuedAt.ShouldBe(new DateTimeOffset(2027, 2, 28, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task An_automatic_purchase_says_how_many_bundles_it_was()
    {
        var (world, owner, plan) = await BeginAsync(topsUp: true);
        await world.Get<SubscriptionService>().SubscribeAsync(owner, plan, new Purchase(), default);

        // 10 credits came with the plan; 17 are used; 2 bundles of 6 bring them above zero.
        await world.MeterAsync(world.Usage(owner, 17));
        (await ListAsync(world, owner))[0].Lines.ShouldBe([new InvoiceLine("2 × Pro bundle, auto top-up", 10, 12)]);
    }

    [Fact]
    public async Task What_is_given_back_in_parts_is_on_credit_notes_whose_tax_adds_up_to_the_invoices()
    {
        var (world, owner, plan) = await BeginAsync(price: 10);
        await world.Get<InvoiceDetailsStore>().SetAsync(world.Tenant.Partition, new InvoiceDetails(TaxRate: 19), default);
        var service = world.Get<SubscriptionService>();
        var paid = (await service.SubscribeAsync(owner, plan, new Purchase(), default)).Payment!.Id;
        foreach (var part in new decimal?[] { 3.33m, 3.33m, null }) (await service.RefundAsync(owner, paid, part, default)).Error.ShouldBeNull();

        // 10.00 has 1.60 (1.5966); 3.33 has 0.53 (0.5317), 6.66 has 1.06 (1.0634), so the notes have 0.53, 0.53 and what is left, 0.54.
        var found = await ListAsync(world, owner);
        found.Select(one => (one.Number, one.Kind, one.Total, one.Tax)).ShouldBe(
        [
            ("TEST-000004", InvoiceKind.CreditNote, 3.34m, 0.54m), ("TEST-000003", InvoiceKind.CreditNote, 3.33m, 0.53m),
            ("TEST-000002", InvoiceKind.CreditNote, 3.33m, 0.53m), ("TEST-000001", InvoiceKind.Invoice, 10m, 1.60m),
        ]);
        (found[3].Credited, found[3].CreditedTax).ShouldBe((10m, 1.60m));
        found.Take(3).ShouldAllBe(note => note.CreditedId == found[3].Id && note.CreditedNumber == "TEST-000001" && note.PaymentId == paid);

        // Told again, or late, it is on a note already.
        await world.Get<IInvoicing>().CreditAsync(world.Tenant, owner.CustomerId, paid, 6.66m, Start, default);
        await world.Get<IInvoicing>().CreditAsync(world.Tenant, owner.CustomerId, paid, 10, Start, default);
        (await ListAsync(world, owner)).Count.ShouldBe(4);
        (await world.AuditAsync()).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_hundred_at_once_over_two_instances_have_the_numbers_from_1_to_200()
    {
        var world = await BillingWorld.CreateAsync(Start);
        await using var other = world.NewInstance();
        var stores = new[] { world.Get<IInvoicing>(), BillingWorld.GetFrom<IInvoicing>(other) };
        await Task.WhenAll(Enumerable.Range(0, 200).SelectMany(number => stores.Select(store => Task.Run(async () =>
            await store.IssueAsync(world.Tenant, null, new Sale($"pay_test_{number}", SaleKind.Wallet, number + 1, Start), default)))));

        var series = InvoiceDetailsStore.OperatorSeries(Mode.Test);
        var found = new List<Invoice>();
        string? cursor = null;
        do
        {
            var page = await world.Get<InvoiceStore>().ListAsync(series, Mode.Test, null, new ListQuery(100, cursor), default);
            found.AddRange(page!.Take(100));
            cursor = page!.Count > 100 ? page[99].Id : null;
        }
        while (cursor is not null);

        found.Select(one => one.Number).ShouldBe(Enumerable.Range(1, 200).Reverse().Select(number => $"TEST-{number:D6}"));
        found.Select(one => one.PaymentId).Distinct().Count().ShouldBe(200);
    }

    [Fact]
    public async Task Whatever_dies_while_a_customer_pays_and_is_refunded_the_payment_has_one_invoice_and_one_note()
    {
        for (var commits = 0; ; commits++)
        {
            var isAlive = false;
            foreach (var isDone in new[] { false, true })
            {
                var (world, owner, plan) = await BeginAsync();
                world.Tables.DieAfter(commits, isDone);
                for (var left = 2; left > 0; left--)
                {
                    try
                    {
                        var service = world.Get<SubscriptionService>();
                        if ((await world.StateAsync(owner)).Subscription.PlanId != plan.Id) await service.SubscribeAsync(owner, plan, new Purchase(), default);
                        if ((await ListAsync(world, owner)).Count == 1)
                            await service.RefundAsync(owner, (await ListAsync(world, owner))[0].PaymentId, 20, default);
                    }
                    catch (FaultyTables.DeadException)
                    {
                    }

                    isAlive = !world.Tables.IsDead;
                    await world.RestartAsync();
                    await world.Get<Outbox>().PerformAsync(owner, default);
                }

                (await ListAsync(world, owner)).Select(one => (one.Number, one.Kind, one.Total)).ShouldBe(
                    [("TEST-000002", InvoiceKind.CreditNote, 20m), ("TEST-000001", InvoiceKind.Invoice, 20m)], $"{commits} {isDone}");
            }

            if (!isAlive || commits < 5) continue;
            return;
        }
    }

    [Fact]
    public async Task What_is_paid_into_a_wallet_is_invoiced_by_the_operator_to_the_merchant_and_credited_when_given_back()
    {
        var funding = await FundingWorld.CreateAsync();
        var world = funding.World;
        var details = world.Get<InvoiceDetailsStore>();
        await details.SetAsync(InvoiceDetailsStore.Operator, new InvoiceDetails("Operator Inc", new PostalAddress(Country: "US"), NumberPrefix: "OP-"), default);
        await details.SetAsync(funding.Tenant.Partition, new InvoiceDetails("Merchant Ltd", TaxId: "X9"), default);
        var payment = await funding.FundAsync();
        await world.Get<IPaymentProcessor>().RefundAsync(new RefundRequest("r", payment.Id, 5), default);
        var refunded = (await world.Get<IPaymentProcessor>().FindAsync(payment.Id, default))!;
        for (var time = 0; time < 2; time++)
            await world.Get<Lava.Service.Billing.Wallets.WalletFunding>().PaymentEndedAsync(refunded, "wallet:x", funding.Owner, default);

        var found = (await world.Get<InvoiceStore>().ListAsync(InvoiceDetailsStore.OperatorSeries(Mode.Test), Mode.Test, funding.Tenant.Partition, All, default))!;
        found.Select(one => (one.Number, one.Total, one.Issuer.Name, one.Buyer)).ShouldBe(
            [("OP-000002", 5m, "Operator Inc", new BillingParty("Merchant Ltd", null, "X9")), ("OP-000001", 25m, "Operator Inc", new BillingParty("Merchant Ltd", null, "X9"))]);
        found[1].Lines.ShouldBe([new InvoiceLine("Wallet funds", 25)]);
    }

    private static async Task<(BillingWorld World, BillingOwner Owner, Plan Plan)> BeginAsync(decimal price = 20, bool topsUp = false)
    {
        var world = await BillingWorld.CreateAsync(Start);
        var plan = await world.AddPlanAsync("Pro", price, 10, BillingInterval.Month, false, false, topsUp);
        return (world, await world.AddCustomerAsync(), plan);
    }

    private static async Task<IReadOnlyList<Invoice>> ListAsync(BillingWorld world, BillingOwner owner) =>
        (await world.Get<InvoiceStore>().ListAsync(world.Tenant.Partition, Mode.Test, owner.CustomerId, All, default))!;
}
