using System.Net;
using Lava.Console;
using Lava.Local.Connections;
using Lava.Local.Storage;
using Lava.Local.Vault;
using Lava.Service.Admin;
using Lava.Service.Billing;
using Lava.Service.Billing.Due;
using Lava.Service.Billing.Wallets;
using Lava.Service.Gateway.Calls;
using Lava.Service.Hosting;
using Lava.Service.Hosting.SystemState;
using Lava.Service.Metering.Pending;
using Lava.Service.Metering.Records;
using Lava.Service.Payments;
using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;
using Lava.Service.Ports.Vault;
using Lava.Service.Queues;
using Lava.Service.Queues.Stored;
using Lava.Service.Webhooks.Deliveries;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Lava.Local;

/// <summary>The embedded head: everything in one process over one directory.</summary>
public static class LocalServer
{
    /// <summary>The store's file in the data directory.</summary>
    internal const string StoreFile = "lava.db";

    /// <summary>Builds the server. Its tables exist when this returns; <see cref="FirstStartAsync"/> makes the first merchant.</summary>
    /// <param name="directory">The data directory; made if it does not exist, for its owner alone.</param>
    /// <param name="port">The port on 127.0.0.1; 0 for any free one.</param>
    /// <param name="configure">Changes to the configuration and services, made last.</param>
    /// <param name="acceptsLoss">Whether it goes on without a log of its store that is missing.</param>
    /// <exception cref="TableStoreException">The store cannot be opened.</exception>
    public static async Task<WebApplication> BuildAsync(string directory, int port, Action<WebApplicationBuilder>? configure = null, bool acceptsLoss = false)
    {
        SqliteLibrary.Check();
        MakeDirectory(directory);

        // Without watching the settings' file: it watches the whole folder, and where the data lie inside, every write to the log wakes it.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);

        // Below all else, so that any setting counts before it: on a person's own machine test mode may use that person's keys.
        builder.Configuration.Sources.Insert(
            0,
            new MemoryConfigurationSource { InitialData = [KeyValuePair.Create<string, string?>("Lava:Gateway:ManagedTestCalls", "true")] });

        // It would log each answer that was cut on purpose as an unhandled fault; real faults are logged by the service.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical);
        builder.Services.AddOptions<LocalSettings>().Bind(builder.Configuration.GetSection("Lava:Local")).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<LocalSettings>>((host, settings) =>
            host.ShutdownTimeout = TimeSpan.FromSeconds(settings.Value.DrainSeconds));
        builder.Services.AddSingleton<ConnectionLimit>();
        builder.Services.Replace(ServiceDescriptor.Singleton<IConnectionListenerFactory, LimitedListenerFactory>());
        builder.Services.AddOptions<KestrelServerOptions>().Configure<ConnectionLimit>((kestrel, limit) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 101 * 1024 * 1024;
            kestrel.Limits.MaxRequestLineSize = 32 * 1024;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                limit.Apply(listen);
            });
        });
        builder.Services.AddSingleton<ITableStore>(services =>
            new SqliteTableStore(
                new SqliteOptions { Path = Path.Combine(directory, StoreFile), AcceptsLoss = acceptsLoss },
                services.GetRequiredService<ILogger<SqliteTableStore>>()));
        builder.Services.AddSingleton<IStoreSize>(new SqliteFileSize(Path.Combine(directory, StoreFile)));
        var vault = new FileVault(directory, VaultKey.Read(builder.Configuration, directory));
        builder.Services.AddSingleton<IVault>(_ => vault);
        builder.Services.AddSingleton(new TableQueueOptions());
        builder.Services.AddSingleton<IMessageQueue>(services => ActivatorUtilities.CreateInstance<TableQueue>(services));
        builder.Services.AddLava(builder.Configuration);
        builder.Services.AddLavaConsole();
        AddWorker<UsageMessageHandler>(builder.Services, 4);
        AddWorker<BillingMessageHandler>(builder.Services, 2);
        AddWorker<WalletFunding>(builder.Services, 1);
        AddWorker<PaymentEvents>(builder.Services, 1);
        AddWorker<DeliveryHandler>(builder.Services, 2);
        AddJob(
            builder.Services,
            "sweep",
            SweepPeriod,
            async (services, token) => await services.GetRequiredService<Sweep>().RunAsync(SweepAge(services), token));
        AddJob(
            builder.Services,
            "billing",
            static _ => TimeSpan.FromSeconds(5),
            async (services, token) => await services.GetRequiredService<DueWork>().RunAsync(token));
        AddJob(
            builder.Services,
            "clean-up",
            static _ => TimeSpan.FromHours(1),
            async (services, token) =>
            {
                await services.GetRequiredService<CleanUp>().RunAsync(token);
                await services.GetRequiredService<StoreSizes>().NoteAsync(token);
            });
        configure?.Invoke(builder);

        var app = builder.Build();
        await app.Services.GetRequiredService<ITableStore>().EnsureTablesAsync(TableNames.All, CancellationToken.None);

        // The console's pages ask for their cookie themselves. The framework would run a step of its own in each call to a model.
        ((IApplicationBuilder)app).Properties["__AuthenticationMiddlewareSet"] = true;
        app.Use(ConnectionLimit.RefuseAsync);
        app.UseLava();
        return app;
    }

    /// <summary>Makes the first merchant if there is none; null where there is one.</summary>
    public static Task<NewMerchant?> FirstStartAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<FirstMerchant>().CreateAsync(cancellationToken);

    // As a service of its own kind: AddHostedService takes two workers for one.
    private static void AddWorker<THandler>(IServiceCollection services, int receivers)
        where THandler : class, IMessageHandler =>
        services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<QueueWorker>(
            provider,
            provider.GetRequiredService<THandler>(),
            receivers));

    private static void AddJob(
        IServiceCollection services,
        string name,
        Func<IServiceProvider, TimeSpan> period,
        Func<IServiceProvider, CancellationToken, Task> run) =>
        services.AddSingleton<IHostedService>(provider => new PeriodicJob(
            name,
            period(provider),
            token => provider.GetRequiredService<JobLog>().RunAsync(name, period(provider), inner => run(provider, inner), token),
            provider.GetRequiredService<ILogger<PeriodicJob>>()));

    private static TimeSpan SweepAge(IServiceProvider services) =>
        TimeSpan.FromSeconds(services.GetRequiredService<IOptions<GatewayOptions>>().Value.SweepAfterSeconds);

    // Once a minute, or as often as its bound is short.
    private static TimeSpan SweepPeriod(IServiceProvider services) =>
        SweepAge(services) is var age && age < TimeSpan.FromMinutes(1) ? age : TimeSpan.FromMinutes(1);

    /// <summary>Makes a data directory, for its owner alone, unless it is there.</summary>
    internal static void MakeDirectory(string directory)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else if (!Directory.Exists(directory)) Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
