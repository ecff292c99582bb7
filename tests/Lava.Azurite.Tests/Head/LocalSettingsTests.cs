using System.Reflection;
using System.Text.Json;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.Metering;
using Lava.Functions;
using Lava.Functions.Queues;
using Lava.Service.Ledger;
using Lava.Service.Merchants;
using Lava.Service.Metering;
using Lava.Service.Ports;
using Lava.Service.Queues;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Lava.Azurite.Tests.Head;

/// <summary>The Functions app as <c>local.settings.example.json</c> starts it: a storage emulator and nothing else.</summary>
public sealed class LocalSettingsTests
{
    [Fact]
    public async Task Without_Service_Bus_the_app_works_on_its_queues_itself_and_ends_what_it_has_in_hand_when_it_is_stopped()
    {
        using var host = await HostAsync();
        host.Services.GetRequiredService<IMessageQueue>().ShouldBeOfType<TableQueue>();
        await host.StartAsync();
        var merchant = await host.Services.GetRequiredService<MerchantStore>().CreateAsync("A merchant", 100, 0, CancellationToken.None);
        var tenant = new Tenant(merchant.Merchant.Id, Mode.Test);
        var funds = host.Services.GetRequiredService<Funds>();
        var recorder = host.Services.GetRequiredService<UsageRecorder>();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => recorder.RecordAsync(tenant, Record())));

        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1)); // or it failed
        while (await funds.WalletBalanceAsync(tenant, limit.Token) != 100 - (50 * 0.5m)) await Task.Delay(50, limit.Token);
        await host.StopAsync();

        // Stopped, it takes nothing more; the next one goes on.
        await recorder.RecordAsync(tenant, Record());
        using var next = await HostAsync();
        (await next.Services.GetRequiredService<Funds>().WalletBalanceAsync(tenant, CancellationToken.None)).ShouldBe(75);
        await next.StartAsync();
        while (await next.Services.GetRequiredService<Funds>().WalletBalanceAsync(tenant, limit.Token) != 74.5m) await Task.Delay(50, limit.Token);
        await next.StopAsync();
    }

    [Fact]
    public async Task Every_queue_has_a_worker_and_every_trigger_of_Service_Bus_is_off()
    {
        using var host = await HostAsync();
        var values = Values();
        var triggered = from type in typeof(HandlerRunner).Assembly.GetTypes()
                        from method in type.GetMethods()
                        let function = method.GetCustomAttribute<FunctionAttribute>()
                        where function is not null && method.GetParameters().Any(parameter => parameter.GetCustomAttribute<ServiceBusTriggerAttribute>() is not null)
                        select function.Name;

        host.Services.GetServices<IHostedService>().OfType<QueueWorkers>().ShouldHaveSingleItem();
        var names = triggered.ToList();
        names.Count.ShouldBe(host.Services.GetServices<IMessageHandler>().Count());
        foreach (var name in names) values[$"AzureWebJobs.{name}.Disabled"].ShouldBe("true");
    }

    private static async Task<IHost> HostAsync()
    {
        var values = Values();
        values["AzureWebJobsStorage"].ShouldBe("UseDevelopmentStorage=true");

        // The emulator of this test listens on a port of its own.
        values["AzureWebJobsStorage"] = await Emulator.ConnectionAsync();
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(values);
        builder.Services.AddLogging();
        builder.Services.AddLavaOnAzure(builder.Configuration);
        return builder.Build();
    }

    private static Dictionary<string, string?> Values()
    {
        var path = typeof(LocalSettingsTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "LocalSettings").Value!;
        using var settings = JsonDocument.Parse(File.ReadAllBytes(path));
        return settings.RootElement.GetProperty("Values").EnumerateObject().ToDictionary(value => value.Name, value => value.Value.GetString());
    }

    private static UsageRecord Record()
    {
        var now = DateTimeOffset.UtcNow;
        var call = Ulid.Create(now);
        return new UsageRecord
        {
            Call = call, RequestId = "req_test_" + call, CreatedAt = now, CompletedAt = now, Provider = "openai", ProviderKeyType = "managed", Endpoint = "POST x",
            Usage = new Usage { InputTokens = 10 }, Cost = 0.5m, IsManaged = true,
        };
    }
}
