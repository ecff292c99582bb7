using System.Diagnostics;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Local;
using Lava.Local.Storage;
using Lava.Service.Admin;
using Lava.Service.Billing.Due;
using Lava.Service.Customers;
using Lava.Service.Ports.Tables;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Lava.Bench;

/// <summary>Measures what must not grow with what is stored: a page of a list, and the billing of those who are due (docs/benchmarks.md).</summary>
internal static class Scale
{
    private const int FewCustomers = 100;
    private const int Small = 1_000;
    private const int Large = 100_000;
    private const int Due = 1_000;

    /// <summary>Groups that are due one day after the other; the median counts, since the first pays for what was stored just before (the log's checkpoint).</summary>
    private const int Groups = 5;

    public static async Task<int> RunAsync()
    {
        System.Console.WriteLine("Page 1 of GET /v1/customers (10 items), milliseconds; renewal of subscriptions that are due, 1,000 at once, microseconds each, median of five\n");
        for (var i = 0; i < 3; i++) await MeasureAsync(Small, isWarmUp: true);
        var (smallPage, smallDue) = await MeasureAsync(Small);
        var (largePage, largeDue) = await MeasureAsync(Large);
        System.Console.WriteLine($"\n  100,000 stored: page {largePage / smallPage:N2} times that of 100, renewal {largeDue / smallDue:N2} times that beside 1,000");
        return 0;
    }

    private static async Task<(double Page, double Due)> MeasureAsync(int stored, bool isWarmUp = false)
    {
        var folder = Directory.CreateTempSubdirectory("lava-scale-");
        var clock = new MovableClock();
        var app = await LocalServer.BuildAsync(folder.FullName, 0, builder =>
        {
            builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
            builder.Services.Replace(ServiceDescriptor.Singleton<ITableStore>(_ => new SqliteTableStore(new SqliteOptions { Path = Path.Combine(folder.FullName, "lava.db"), IsDurable = false })));
        });
        try
        {
            var made = await app.Services.GetRequiredService<MerchantCreation>().CreateAsync("Scale", 0, 1, CancellationToken.None);
            var tenant = new Tenant(made.Merchant.Id, Mode.Test);
            double? first = null;
            if (stored == Small)
            {
                await AddAsync(app.Services, clock, tenant, made.Merchant.TestPlanId, FewCustomers);
                await app.StartAsync();
                first = await PageAsync(AddressOf(app), made.TestKey);
            }

            for (var i = 0; i < Groups; i++)
            {
                await AddAsync(app.Services, clock, tenant, made.Merchant.TestPlanId, Due);
                clock.Move(TimeSpan.FromDays(1));
            }

            clock.Move(TimeSpan.FromDays(10));
            await AddAsync(app.Services, clock, tenant, made.Merchant.TestPlanId, stored);
            if (first is null) await app.StartAsync();
            var page = first ?? await PageAsync(AddressOf(app), made.TestKey);

            // Without the server's own timer, which would take a part of the work.
            await app.StopAsync();
            clock.Move(TimeSpan.FromDays(16));
            var each = new List<double>();
            for (var i = 0; i < Groups; i++)
            {
                clock.Move(TimeSpan.FromDays(1));
                var start = Stopwatch.GetTimestamp();
                var done = await app.Services.GetRequiredService<DueWork>().RunAsync(CancellationToken.None);
                each.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / Math.Max(1, done));
            }

            each.Sort();
            var due = each[Groups / 2];
            if (!isWarmUp) System.Console.WriteLine($"  {stored,9:N0} stored   page {page,6:N2} ms{(stored == Small ? $" (of {FewCustomers} customers)" : "")}   renewal {due,6:N0} µs");
            return (page, due);
        }
        finally
        {
            await app.DisposeAsync();
            folder.Delete(recursive: true);
        }
    }

    private static Uri AddressOf(WebApplication app) => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    private static async Task<double> PageAsync(Uri address, string key)
    {
        using var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Add("Authorization", "Bearer " + key);
        for (var i = 0; i < 100; i++) await client.GetByteArrayAsync(new Uri("/v1/customers", UriKind.Relative));
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < 500; i++) await client.GetByteArrayAsync(new Uri("/v1/customers", UriKind.Relative));
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / 500;
    }

    private static async Task AddAsync(IServiceProvider services, MovableClock clock, Tenant tenant, string planId, int count)
    {
        var billing = services.GetRequiredService<CustomerBilling>();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (_, token) =>
        {
            var now = clock.GetUtcNow();
            var customer = new Customer
            {
                Id = Id.Create(CustomerStore.Prefix, Mode.Test, now), CreatedAt = now, FirstSubscriptionId = Id.Create("as", Mode.Test, now), FirstPlanId = planId,
            };
            await billing.CreateAsync(tenant, customer, token);
        });
    }

    private sealed class MovableClock : TimeProvider
    {
        private TimeSpan _ahead;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;

        public void Move(TimeSpan by) => _ahead += by;
    }
}
