using Lava.Core.Keys;
using Lava.Service.Admin;
using Lava.Service.Billing.Due;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Lava.Local.Demo;

/// <summary>Two months of a small shop, made through the same endpoints that a merchant calls, by a server whose clock runs through them in a minute. Its
/// providers are the sandbox, whatever keys the operator has.</summary>
internal static class DemoData
{
    /// <summary>Its file in the data directory says that the data are not whole yet.</summary>
    private const string Unfinished = "demo-unfinished";

    /// <summary>Makes the data in a new directory. One that has a server's data already is left as it is.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="now">The end of the two months.</param>
    /// <param name="days">How many days there are.</param>
    /// <returns>Whether the directory can be served.</returns>
    /// <exception cref="DemoException">A call was refused that should not have been.</exception>
    public static async Task<bool> MakeAsync(LocalOptions options, DateTimeOffset now, int days = 61)
    {
        var mark = Path.Combine(options.Data, Unfinished);
        if (File.Exists(mark))
        {
            await System.Console.Error.WriteLineAsync($"The demo data in {options.Data} are unfinished. Delete the directory and start again.");
            return false;
        }

        if (File.Exists(Path.Combine(options.Data, LocalServer.StoreFile))) return true;
        LocalServer.MakeDirectory(options.Data);
        await File.WriteAllTextAsync(mark, "");
        System.Console.WriteLine("Making two months of demo data. This takes about a minute …");
        var start = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(1 - days);
        var clock = new DemoClock(start);
        await using (var app = await LocalServer.BuildAsync(options.Data, 0, builder =>
        {
            builder.Configuration["Lava:Gateway:ManagedTestCalls"] = "false";

            // A webhook that nobody hears is part of the demo, and its log is not for a newcomer.
            builder.Logging.AddFilter("Lava.Service", LogLevel.Critical);
            builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
        }))
        {
            var first = (await LocalServer.FirstStartAsync(app.Services, CancellationToken.None))!;
            new Credentials(first.Merchant.Id, first.Merchant.WalletId(Mode.Test), first.TestKey, $"http://127.0.0.1:{options.Port}/v1/").Write(options.Data);
            await app.StartAsync();
            await LiveAsync(app, first, clock, start, now);
            await app.StopAsync();
        }

        File.Delete(mark);
        System.Console.WriteLine($"The merchant's secret key is in {Path.Combine(options.Data, Credentials.FileName)}.");
        return true;
    }

    private static async Task LiveAsync(WebApplication app, NewMerchant merchant, DemoClock clock, DateTimeOffset start, DateTimeOffset now)
    {
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        using var client = new DemoClient(address, merchant.TestKey);
        var shop = new DemoShop(client);
        var traffic = new DemoTraffic(client, shop);
        await shop.OpenAsync();
        for (var hour = start; hour < now; hour = hour.AddHours(1))
        {
            clock.MoveTo(hour);
            if (hour.Hour == 6)
            {
                // What is due at night is done before the day begins, and the calls of the day before are booked.
                await client.SendAsync("GET", "wallet?settled=true");
                await app.Services.GetRequiredService<DueWork>().RunAsync(CancellationToken.None);
                await shop.LiveAsync((hour - start).Days, hour);
            }

            await traffic.SendAsync(clock, hour, now, (hour - start) / (now - start));
        }

        clock.MoveTo(now);
        await client.SendAsync("GET", "wallet?settled=true");
        await app.Services.GetRequiredService<DueWork>().RunAsync(CancellationToken.None);
    }
}
