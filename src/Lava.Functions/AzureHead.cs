using Azure.Core;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Azure.Security.KeyVault.Secrets;
using Lava.Console;
using Lava.Functions.AzureOpenAi;
using Lava.Functions.Hosting;
using Lava.Functions.Http;
using Lava.Functions.Payments;
using Lava.Functions.Queues;
using Lava.Functions.Storage;
using Lava.Functions.Telemetry;
using Lava.Functions.Vault;
using Lava.Service.Admin;
using Lava.Service.Billing;
using Lava.Service.Billing.Wallets;
using Lava.Service.Hosting;
using Lava.Service.Metering.Records;
using Lava.Service.Payments;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;
using Lava.Service.Ports.Vault;
using Lava.Service.Queues;
using Lava.Service.Queues.Stored;
using Lava.Service.Telemetry;
using Lava.Service.Webhooks;
using Lava.Service.Webhooks.Deliveries;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lava.Functions;

/// <summary>What this head adds to the service: its ports over Azure, and what its functions share. Each connection is a connection string or, without a
/// secret, an address that is reached with the app's identity, as the Functions host reads its own (Microsoft Learn, "Guide for developing Azure Functions",
/// identity-based connections).</summary>
public static class AzureHead
{
    /// <summary>Setting of the storage account: a connection string, or <c>AzureWebJobsStorage__tableServiceUri</c>.</summary>
    public const string StorageConnection = "AzureWebJobsStorage";

    /// <summary>Setting of Service Bus: a connection string, or <c>ServiceBus__fullyQualifiedNamespace</c>. Without it the queues are kept in tables.</summary>
    public const string ServiceBusConnection = "ServiceBus";

    /// <summary>Setting of the key vault's address.</summary>
    public const string VaultUri = "KeyVault:Uri";

    /// <summary>Setting of the app's host name, which the platform gives.</summary>
    public const string HostName = "WEBSITE_HOSTNAME";

    /// <summary>Registers the service with Azure's ports.</summary>
    public static IServiceCollection AddLavaOnAzure(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<TokenCredential>(static _ => new DefaultAzureCredential());
        services.TryAddSingleton<IAzureTokens, EntraTokens>();
        AddTables(services, configuration);
        AddQueues(services, configuration);
        AddVault(services, configuration);
        AddPayments(services, configuration);
        AddHttp(services);
        AddLevels(services);
        if (configuration[AzureMonitorExport.Connection] is { Length: > 0 }) services.AddSingleton<ITelemetryExporter, AzureMonitorExport>();
        return services.AddLava(configuration).AddLavaConsole();
    }

    private static void AddHttp(IServiceCollection services)
    {
        services.AddSingleton<InnerPipeline>();
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            // A little over what the gateway takes, so that it is the gateway that refuses, in the envelope.
            kestrel.Limits.MaxRequestBodySize = 101 * 1024 * 1024;
            kestrel.Limits.MaxRequestLineSize = 32 * 1024;
            // A stream is as slow as its provider.
            kestrel.Limits.MinResponseDataRate = null;
        });
    }

    // The host's levels (host.json), here too: what the worker logs crosses to the host first and is dropped there, for a fifth of the worker's work.
    private static void AddLevels(IServiceCollection services) =>
        services.AddLogging(static logging => logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Azure.Core", LogLevel.Warning));

    private static void AddTables(IServiceCollection services, IConfiguration configuration)
    {
        var address = configuration[$"{StorageConnection}:tableServiceUri"];
        var connection = configuration[StorageConnection];
        services.AddSingleton<ITableStore>(provider => address is not null
            ? AzureTableStore.Connect(new Uri(address), provider.GetRequiredService<TokenCredential>(), provider.GetRequiredService<TimeProvider>())
            : AzureTableStore.Connect(
                connection
                    ?? throw new InvalidOperationException($"Set {StorageConnection} to a storage account's connection string, or "
                        + $"{StorageConnection}__tableServiceUri."),
                provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<StartUp>();
        if (address is not null || !DevelopmentMerchant.IsDevelopmentStorage(connection)) return;

        // Core Tools say under which name they serve.
        var host = configuration[HostName] is { Length: > 0 } name ? name : "localhost:7071";
        services.AddSingleton<IHostedService>(provider => new DevelopmentMerchant(provider.GetRequiredService<FirstMerchant>(), host, System.Console.Out));
    }

    private static void AddQueues(IServiceCollection services, IConfiguration configuration)
    {
        var address = configuration[$"{ServiceBusConnection}:fullyQualifiedNamespace"];
        var connection = configuration[ServiceBusConnection] ?? "";
        services.AddSingleton<IMessageHandler>(static provider => provider.GetRequiredService<UsageMessageHandler>());
        services.AddSingleton<IMessageHandler>(static provider => provider.GetRequiredService<BillingMessageHandler>());
        services.AddSingleton<IMessageHandler>(static provider => provider.GetRequiredService<WalletFunding>());
        services.AddSingleton<IMessageHandler>(static provider => provider.GetRequiredService<PaymentEvents>());
        services.AddSingleton<IMessageHandler>(static provider => provider.GetRequiredService<DeliveryHandler>());
        services.AddSingleton<HandlerRunner>();
        if (address is null && connection.Length == 0)
        {
            services.TryAddSingleton(new TableQueueOptions());
            services.AddSingleton<IMessageQueue, TableQueue>();
            services.AddSingleton(new ServiceBusSenders(null));
            services.AddHostedService<QueueWorkers>();
            return;
        }

        services.AddSingleton(provider => address is not null
            ? new ServiceBusClient(address, provider.GetRequiredService<TokenCredential>())
            : new ServiceBusClient(connection));
        services.AddSingleton(static provider => new ServiceBusSenders(provider.GetRequiredService<ServiceBusClient>()));

        // Many sessions at once, and an instance that works on no message may be ended: an attempt at a delivery is made while its message is held.
        services.Configure<WebhookOptions>(static options => options.HoldMessages());
        services.AddSingleton<IMessageQueue, ServiceBusQueue>();
    }

    private static void AddPayments(IServiceCollection services, IConfiguration configuration)
    {
        if (StripeOptions.Read(configuration) is not { } options) return;
        services.AddSingleton(options);
        services.AddSingleton<StripeAccess>();
        services.AddSingleton<StripeProcessor>();
        services.AddKeyedSingleton<IPaymentProcessor>(ProcessorByMode.Live, static (provider, _) => provider.GetRequiredService<StripeProcessor>());
        services.AddSingleton<IPaymentNotifications, StripeWebhook>();
    }

    private static void AddVault(IServiceCollection services, IConfiguration configuration)
    {
        if (configuration[VaultUri] is not { Length: > 0 } address)
        {
            services.AddSingleton<IVault, AbsentVault>();
            return;
        }

        services.AddSingleton(provider => new SecretClient(new Uri(address), provider.GetRequiredService<TokenCredential>()));
        services.AddSingleton<IVault, KeyVaultVault>();
    }
}
