using Lava.Contracts.Tests.Vault;
using Lava.Core.Billing;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.Pricing;
using Lava.Service.Accounts.Merchants;
using Lava.Service.Admin;
using Lava.Service.Auditing;
using Lava.Service.Billing;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Clocks;
using Lava.Service.Billing.Due;
using Lava.Service.Customers;
using Lava.Service.Hosting;
using Lava.Service.Metering.Booking;
using Lava.Service.Metering.Records;
using Lava.Service.Payments;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;
using Lava.Service.Ports.Vault;
using Lava.Service.Pricing.Plans;
using Lava.Service.Queues.Stored;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Billing;

/// <summary>The service over tables of its own, with one merchant and customers that live by a test clock. It can die at any commit and start again.</summary>
public sealed class BillingWorld
{
    private static readonly IConfiguration Configuration = new ConfigurationBuilder().Build();

    private readonly ITableStore _store;
    private readonly Support.TestClock _time = new();
    private ServiceProvider _services;

    private BillingWorld(ITableStore store)
    {
        _store = store;
        Tables = new FaultyTables(_store);
        _services = Start();
    }

    public FaultyTables Tables { get; }

    public Tenant Tenant { get; private set; }

    public string ClockId { get; private set; } = "";

    public ITableStore Store => _store;

    /// <summary>Real time.</summary>
    public DateTimeOffset Now => _time.GetUtcNow();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Moves real time.</summary>
    public void Move(TimeSpan by) => _time.Advance(by);

    /// <summary>Another instance over the same store.</summary>
    public ServiceProvider NewInstance() => Start();

    public static T GetFrom<T>(ServiceProvider instance)
        where T : notnull => instance.GetRequiredService<T>();

    public static async Task<BillingWorld> CreateAsync(DateTimeOffset start, decimal freeCredit = 0)
    {
        var world = new BillingWorld((await TestStore.OpenInMemoryAsync()).Tables);
        var made = await world.Get<MerchantCreation>().CreateAsync("A merchant", 1_000, freeCredit, default);
        world.Tenant = new Tenant(made.Merchant.Id, Mode.Test);
        var now = world._time.GetUtcNow();
        var clock = new Lava.Service.Billing.Clocks.TestClock { Id = Id.Create(TestClockStore.Prefix, Mode.Test, now), FrozenTime = start, CreatedAt = now };
        await world.Get<TestClockStore>().AddAsync(world.Tenant, clock, default);
        world.ClockId = clock.Id;
        return world;
    }

    /// <summary>Forgets all that is in memory, as a new process does, and does what the dead one has left.</summary>
    public async Task RestartAsync()
    {
        await _services.DisposeAsync();
        Tables.Live();
        _services = Start();

        // The dead one's hold of the queues runs out.
        _time.Advance(TimeSpan.FromMinutes(1));
        if (Tenant.MerchantId is null) return;
        await RunDueAsync();
        await PumpAsync();
    }

    public async Task<Plan> AddPlanAsync(string name, decimal price, decimal credit, BillingInterval interval, bool rolls, bool bundlesRoll, bool topsUp = false)
    {
        var now = Tick();
        var id = Id.Create("sc", Mode.Test, now);
        var bundle = new CreditBundle(Id.Create("cb", Mode.Test, now), id, name + " bundle", 5, 6, now);
        var plan = new Plan
        {
            Id = id, Name = name, PeriodAmount = price, IncludedCredit = credit, Interval = interval, RollsOver = rolls, BundlesRollOver = bundlesRoll, CoversEveryMeter = true,
            Bundles = [bundle], DefaultTopUpBundleId = topsUp ? bundle.Id : null, CreatedAt = now,
        };
        await Get<PlanStore>().AddAsync(Tenant, plan, default);
        return plan;
    }

    public async Task<BillingOwner> AddCustomerAsync(string? card = "pm_card_visa", bool isClocked = true)
    {
        var now = Tick();
        var merchant = await Get<MerchantStore>().GetAsync(Tenant.MerchantId, default);
        var customer = new Customer
        {
            Id = Id.Create(CustomerStore.Prefix, Mode.Test, now), CreatedAt = now, FirstSubscriptionId = Id.Create("as", Mode.Test, now), FirstPlanId = merchant.FreePlanId(Mode.Test), TestClockId = isClocked ? ClockId : null,
        };
        await Get<CustomerBilling>().CreateAsync(Tenant, customer, default);
        var owner = CustomerBilling.OwnerOf(Tenant, customer);
        if (card is not null) await Get<IPaymentProcessor>().AddMethodAsync(PaymentOwners.Customer(Tenant, owner.CustomerId), card, default);
        return owner;
    }

    public async Task<BillingState> StateAsync(BillingOwner owner) => (await Get<BillingBooks>().ReadAsync(owner.Tenant, owner.CustomerId, default))!;

    /// <summary>Reported usage whose charge is the amount.</summary>
    public UsageRecord Usage(BillingOwner owner, decimal amount)
    {
        var now = Tick();
        var call = Ulid.Create(now);
        return new UsageRecord
        {
            Call = call, RequestId = "req_test_" + call, CreatedAt = now, CompletedAt = now, Provider = "other", ProviderKeyType = "unmanaged", Endpoint = "POST x",
            Usage = new Usage { InputTokens = 10 }, CustomerId = owner.CustomerId, MeterId = "prd_x", Rate = new MeterRate(RateType.Fixed, TierType.Requests, [new Tier(0, amount)]), IsBilled = true, ClaimHash = call,
        };
    }

    public async Task MeterAsync(params UsageRecord[] records)
    {
        await Get<Meterer>().MeterAsync(Tenant, records, default);
        await PumpAsync();
    }

    /// <summary>Does what the billing queue asks for.</summary>
    public async Task PumpAsync()
    {
        var handler = Get<BillingMessageHandler>();
        while (await Get<IMessageQueue>().ReceiveAsync(handler.Queue, handler.MaxMessages, TimeSpan.Zero, default) is { } batch)
        {
            await using (batch)
            {
                await handler.HandleAsync(batch.Session, batch.Messages, default);
                await batch.CompleteAsync(batch.Messages, default);
            }
        }
    }

    /// <summary>Does what is due for the clock's customers at the time that it shows, as the timer does for those who live by real time.</summary>
    public async Task RunDueAsync()
    {
        var now = await Get<ClockTime>().NowAsync(Tenant, ClockId, default);
        foreach (var entry in await Get<DueIndex>().ListAsync(DueIndex.Clock(new BillingOwner(Tenant, "", ClockId)), now, null, 100, default)) await Get<Biller>().RunAsync(entry, now, now, default);
    }

    public async Task AdvanceAsync(DateTimeOffset target)
    {
        var clocks = Get<TestClockStore>();
        var (clock, etag) = (await clocks.FindAsync(Tenant, ClockId, default))!.Value;
        if (clock.FrozenTime >= target) return;
        await clocks.ReplaceAsync(Tenant, clock with { AdvancingTo = target }, etag, default);
        (clock, etag) = (await clocks.FindAsync(Tenant, ClockId, default))!.Value;
        await Get<ClockAdvance>().RunAsync(Tenant, clock, etag, default);
    }

    /// <summary>Moves the clock as real time moves while a server is off: nothing is done on the way, and all that is due is done at its end.</summary>
    public async Task JumpAsync(DateTimeOffset target)
    {
        var clocks = Get<TestClockStore>();
        var (clock, etag) = (await clocks.FindAsync(Tenant, ClockId, default))!.Value;
        if (clock.FrozenTime < target) await clocks.ReplaceAsync(Tenant, clock with { FrozenTime = target }, etag, default);
        await RunDueAsync();
    }

    public async Task WithdrawAsync(Plan plan)
    {
        var plans = Get<PlanStore>();
        if (await plans.FindAsync(Tenant, plan.Id, default) is { } found) await plans.DeleteAsync(Tenant, found.Plan, found.ETag, default);
    }

    public async Task<AuditReport> AuditAsync() => await Get<Audit>().RunAsync(default);

    /// <summary>What the customer's cards have paid, by the processor's own books.</summary>
    public async Task<decimal> PaidAsync(BillingOwner owner)
    {
        var rows = await _store.QueryAsync(Ports.Tables.TableNames.Payments, PaymentOwners.Customer(owner.Tenant, owner.CustomerId), KeyRange.Prefix("payment|"), 1_000, default);
        return rows.Select(row => Lava.Service.Storage.Json.Read(row.Data, PaymentsJson.Default.StoredPayment).Payment).Where(payment => payment.Status == PaymentStatus.Succeeded).Sum(payment => payment.Amount);
    }

    private DateTimeOffset Tick()
    {
        _time.Advance(TimeSpan.FromMilliseconds(1));
        return _time.GetUtcNow();
    }

    private ServiceProvider Start()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<ITableStore>(Tables);
        services.AddSingleton<IVault>(new MemoryVault());
        services.AddSingleton(new TableQueueOptions { Buckets = 1 });
        services.AddSingleton<IMessageQueue, TableQueue>();
        services.AddSingleton<IPaymentProcessor>(static provider => new CountingProcessor(provider.GetRequiredService<ProcessorByMode>()));
        services.AddLava(Configuration);
        return services.BuildServiceProvider();
    }
}
