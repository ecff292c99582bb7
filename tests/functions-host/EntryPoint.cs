using System.Net;
using Lava.Core.Keys;
using Lava.Functions;
using Lava.Local;
using Lava.Local.Commands;
using Lava.Service.Admin;
using Lava.Service.Gateway.Calls;
using Lava.Service.Ports.Tables;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Lava.FunctionsHost;

/// <summary>Serves the Functions app as a worker in a process of its own, over the storage account of <c>AzureWebJobsStorage</c>, with the command line and the
/// first merchant of the local
/// head, so that the client tests drive either. <c>LAVA_FUNCTIONS_APP</c> is the app's assembly.</summary>
internal static class EntryPoint
{
    public static async Task<int> Main(string[] args)
    {
        if (LocalOptions.Parse(args) is not { } options) return 2;
        using var books = Books();
        if (options.Command == "audit") return await AuditCommand.ReportAsync(books.Services);
        Directory.CreateDirectory(options.Data);
        await books.Services.GetRequiredService<ITableStore>().EnsureTablesAsync(TableNames.All, CancellationToken.None);
        if (await books.Services.GetRequiredService<FirstMerchant>().CreateAsync(CancellationToken.None) is { } first)
            new Credentials(first.Merchant.Id, first.Merchant.WalletId(Mode.Test), first.TestKey, $"http://127.0.0.1:{options.Port}/v1/").Write(options.Data);
        return await ServeAsync(options);
    }

    private static async Task<int> ServeAsync(LocalOptions options)
    {
        var app = Environment.GetEnvironmentVariable("LAVA_FUNCTIONS_APP")
            ?? throw new InvalidOperationException("Set LAVA_FUNCTIONS_APP to the path of Lava.Functions.dll.");
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.Services.AddGrpc(grpc => (grpc.MaxReceiveMessageSize, grpc.MaxSendMessageSize) = (null, null));
        builder.Services.AddHttpForwarder();
        builder.Services.Configure<GatewayOptions>(builder.Configuration.GetSection("Lava:Gateway"));
        builder.Services.AddSingleton(provider => new WorkerProcess(app, provider.GetRequiredService<IHostApplicationLifetime>()));
        builder.Services.AddSingleton<Front>();
        builder.Services.AddSingleton<Timers>();
        builder.Services.AddSingleton<Locks>();
        builder.Services.AddSingleton(HostSettings.Read(app));
        builder.Services.AddSingleton<Queues>();
        builder.Services.AddHostedService<Shutdown>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // The host's own limit (Microsoft Learn, "Azure Functions HTTP trigger", limits).
            kestrel.Limits.MaxRequestBodySize = 100 * 1024 * 1024;
            kestrel.Limits.MaxRequestLineSize = 32 * 1024;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        await using var web = builder.Build();
        web.MapGrpcService<WorkerService>();
        web.MapGrpcService<Settlements>();
        web.MapFallback("{**path}", web.Services.GetRequiredService<Front>().ServeAsync);
        await web.StartAsync();
        var addresses = web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address)).ToArray();
        var workers = web.Services.GetRequiredService<WorkerProcess>();
        workers.Start(addresses[1]);
        var worker = await workers.ReadyAsync(web.Lifetime.ApplicationStopping);
        await web.Services.GetRequiredService<Queues>().StartAsync(worker.Functions);
        web.Services.GetRequiredService<Timers>().Start();
        System.Console.WriteLine($"Lava serves {new Uri(addresses[0], "/v1/")} from {options.Data}. Ctrl-C stops it.");
        await web.WaitForShutdownAsync();
        return workers.IsGivenUp ? 1 : 0;
    }

    private static IHost Books()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddEnvironmentVariables();
        builder.Services.AddLavaOnAzure(builder.Configuration);
        return builder.Build();
    }
}
