using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.Pricing;
using Lava.Functions;
using Lava.Functions.Hosting;
using Lava.Functions.Queues;
using Lava.Service.Admin;
using Lava.Service.Credentials;
using Lava.Service.Ledger;
using Lava.Service.Metering.Records;
using Lava.Service.Ports.Queues;
using Lava.Service.Queues;
using Lava.Service.Queues.Stored;
using Lava.Service.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
        var merchant = await host.Services.GetRequiredService<MerchantCreation>().CreateAsync("A merchant", 100, 0, CancellationToken.None);
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
    public async Task The_first_start_on_an_empty_emulator_makes_a_merchant_and_prints_a_key_that_opens_the_API_and_the_next_makes_none()
    {
        await using var store = await TestStore.OpenAsync();
        using var host = await HostAsync(services => services.Replace(ServiceDescriptor.Singleton(store.Tables)));
        var printed = new StringWriter();
        var merchant = new DevelopmentMerchant(host.Services.GetRequiredService<FirstMerchant>(), "localhost:7071", printed);
        await merchant.StartAsync(CancellationToken.None);
        var key = Regex.Match(printed.ToString(), @"^ +(aks_test_\S+)$", RegexOptions.Multiline).Groups[1].Value;

        (await host.Services.GetRequiredService<Authenticator>().AuthenticateAsync(key, CancellationToken.None)).ShouldNotBeNull();

        printed.GetStringBuilder().Clear();
        await merchant.StartAsync(CancellationToken.None);
        printed.ToString().ShouldBeEmpty();
        host.Services.GetServices<IHostedService>().OfType<DevelopmentMerchant>().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("UseDevelopmentStorage=true", true)]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=stlava;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net", false)]
    [InlineData(null, false)]
    public void Only_an_emulator_is_development_storage(string? connection, bool isDevelopment) => DevelopmentMerchant.IsDevelopmentStorage(connection).ShouldBe(isDevelopment);

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

    private static async Task<IHost> HostAsync(Action<IServiceCollection>? configure = null)
    {
        var values = Values();
        values["AzureWebJobsStorage"].ShouldBe("UseDevelopmentStorage=true");

        // The emulator of this test listens on a port of its own.
        values["AzureWebJobsStorage"] = await Emulator.ConnectionAsync();
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(values);
        builder.Services.AddLogging();
        builder.Services.AddSingleton(new DiagnosticListener("tests"));
        builder.Services.AddLavaOnAzure(builder.Configuration);
        configure?.Invoke(builder.Services);
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
