using Lava.Core.Keys;
using Lava.Service.Accounts.Merchants;
using Lava.Service.Api.Lists;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Clocks;
using Lava.Service.Billing.Due;
using Lava.Service.Customers;
using Lava.Service.Customers.Subscriptions;
using Lava.Service.Webhooks;
using Lava.Service.Webhooks.Deliveries;

namespace Lava.Service.Tests.Billing;

/// <summary>Customers whose server dies while it makes them, and the timer that does what it has left.</summary>
public sealed class OpeningTests
{
    private static readonly DateTimeOffset Start = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_customer_whose_server_died_at_any_write_is_opened_and_told_once_by_the_timer(bool isClocked, bool isDone)
    {
        var stored = 0;
        for (var commits = 0; ; commits++)
        {
            var world = await BillingWorld.CreateAsync(Start, 3);
            var webhook = (await world.Get<WebhookStore>().AddAsync(world.Tenant, "A webhook", "https://example.com/", default))!.Value.Webhook;
            var customer = await DraftAsync(world, isClocked);
            world.Tables.DieAfter(commits, isDone);
            var died = await DiesAsync(() => world.Get<CustomerBilling>().CreateAsync(world.Tenant, customer, default).AsTask());

            // The timers of two other servers at once, and once more. Nobody moves the clock.
            world.Tables.Live();
            await using var one = world.NewInstance();
            await using var other = world.NewInstance();
            await Task.WhenAll(BillingWorld.GetFrom<DueWork>(one).RunAsync(default).AsTask(), BillingWorld.GetFrom<DueWork>(other).RunAsync(default).AsTask());
            await BillingWorld.GetFrom<DueWork>(one).RunAsync(default);

            var isStored = await world.Get<CustomerStore>().FindAsync(world.Tenant, customer.Id, default) is not null;
            var state = await world.Get<BillingBooks>().ReadAsync(world.Tenant, customer.Id, default);
            state?.Subscription.Id.ShouldBe(customer.FirstSubscriptionId);
            (state is not null).ShouldBe(isStored, $"after {commits} commits");
            var told = (await world.Get<DeliveryStore>().ListAsync(world.Tenant, webhook.Id, new ListQuery(100, null), default))!;
            string[] events = isStored ? ["customer.created", "subscription.created"] : [];
            told.Select(delivery => delivery.Event).Order().ToArray().ShouldBe(events, $"after {commits} commits");
            var listed = (await world.Get<SubscriptionList>().PageAsync(world.Tenant, true, new ListQuery(100, null), default))!.Data;
            string[] subscriptions = isStored ? [customer.FirstSubscriptionId] : [];
            listed.Select(subscription => subscription.SubscriptionId).ToArray().ShouldBe(subscriptions, $"after {commits} commits");
            if (isStored) stored++;

            // What is left is what comes later: the renewal. A mark whose customer never came goes after a while.
            world.Move(TimeSpan.FromHours(2));
            await BillingWorld.GetFrom<DueWork>(one).RunAsync(default);
            (await DueAsync(world, world.Now, Start)).ShouldBeEmpty($"after {commits} commits");
            (await DueAsync(world, DateTimeOffset.MaxValue, DateTimeOffset.MaxValue)).Count.ShouldBe(isStored ? 1 : 0, $"after {commits} commits");
            if (!died) break;
        }

        // The row and the book are two of the writes; the opening's own ones come after them.
        stored.ShouldBeGreaterThan(4);
    }

    [Fact]
    public async Task A_mark_whose_customer_is_not_stored_yet_stays_and_is_no_work()
    {
        var world = await BillingWorld.CreateAsync(Start);
        foreach (var isClocked in new[] { false, true })
        {
            var customer = await DraftAsync(world, isClocked);
            var owner = CustomerBilling.OwnerOf(world.Tenant, customer);
            await world.Get<DueIndex>().PutOpeningAsync(owner, world.Now, default);
            world.Move(TimeSpan.FromMinutes(30));
            (await world.Get<DueWork>().RunAsync(default)).ShouldBe(0);
            await world.Get<CustomerStore>().AddAsync(world.Tenant, customer, default);
            (await world.Get<DueWork>().RunAsync(default)).ShouldBe(1);

            // Its first cycle begins by its own time.
            (await world.StateAsync(owner)).Subscription.CycleStart.ShouldBe(isClocked ? Start : world.Now);
        }
    }

    [Fact]
    public async Task A_repeat_that_finds_the_customer_of_a_dead_request_opens_it_and_leaves_no_mark()
    {
        var world = await BillingWorld.CreateAsync(Start);
        var first = await DraftAsync(world, isClocked: false) with { ReferenceId = "u1" };

        // The mark and the row are written, nothing else.
        world.Tables.DieAfter(1, isDone: true);
        (await DiesAsync(() => world.Get<CustomerBilling>().CreateAsync(world.Tenant, first, default).AsTask())).ShouldBeTrue();
        await world.RestartAsync();

        var second = await DraftAsync(world, isClocked: false) with { ReferenceId = "u1" };
        var (customer, isNew) = await world.Get<CustomerBilling>().CreateAsync(world.Tenant, second, default);
        (customer.Id, isNew).ShouldBe((first.Id, false));
        (await world.Get<BillingBooks>().ReadAsync(world.Tenant, first.Id, default)).ShouldNotBeNull();
        (await world.Get<DueWork>().RunAsync(default)).ShouldBe(1, "the mark of the dead request");
        (await world.Get<DueWork>().RunAsync(default)).ShouldBe(0);
        (await DueAsync(world, DateTimeOffset.MaxValue, DateTimeOffset.MaxValue)).ShouldHaveSingleItem().Owner.CustomerId.ShouldBe(first.Id);
    }

    private static async Task<Customer> DraftAsync(BillingWorld world, bool isClocked)
    {
        var merchant = await world.Get<MerchantStore>().GetAsync(world.Tenant.MerchantId, default);
        var clock = isClocked ? (await world.Get<TestClockStore>().FindAsync(world.Tenant, world.ClockId, default))!.Value.Clock : null;
        return CustomerBilling.Draft(merchant, Mode.Test, world.Now, clock);
    }

    // Everything that is listed by then, in real time and in that of the clock.
    private static async Task<IReadOnlyList<DueEntry>> DueAsync(BillingWorld world, DateTimeOffset until, DateTimeOffset untilOfClock)
    {
        var due = world.Get<DueIndex>();
        var entries = new List<DueEntry>();
        for (var i = 0; i < DueIndex.Shards; i++) entries.AddRange(await due.ListAsync(DueIndex.Shard(i), until, null, 100, default));
        return [.. entries, .. await due.ListAsync(DueIndex.Clock(new BillingOwner(world.Tenant, "", world.ClockId)), untilOfClock, null, 100, default)];
    }

    private static async Task<bool> DiesAsync(Func<Task> act)
    {
        try
        {
            await act();
            return false;
        }
        catch (FaultyTables.DeadException)
        {
            return true;
        }
    }
}
