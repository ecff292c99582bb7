using System.Net;
using Lava.Functions;
using Lava.Functions.Http;
using Lava.Local;
using Lava.Local.Commands;
using Lava.Local.Vault;
using Lava.Service.Ports.Tables;
using Lava.Service.Ports.Vault;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Lava.AzureHead;

/// <summary>Serves what the Functions app serves, with its composition, its inner pipeline and the functions of its timers, where no Functions host is to be had: over the storage account of
/// <c>AzureWebJobsStorage</c>, with the command line and the first merchant of the local head, so that the client tests drive either. Secrets are kept in the data directory: there is no
/// emulator of Key Vault. Stripe's key is the one of <c>Test__StripeKey</c>.</summary>
internal static class EntryPoint
{
    public static async Task<int> Main(string[] args)
    {
        if (LocalOptions.Parse(args) is not { } options) return 2;
        return options.Command == "audit" ? await AuditAsync() : await ServeAsync(options);
    }

    private static async Task<int> ServeAsync(LocalOptions options)
    {
        Directory.CreateDirectory(options.Data);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical);
        builder.Services.AddLavaOnAzure(builder.Configuration);
        using var vault = new FileVault(options.Data);
        if (builder.Configuration["Test:StripeKey"] is { Length: > 0 } key) await vault.SetAsync("stripe-api-key", key, CancellationToken.None);
        builder.Services.Replace(ServiceDescriptor.Singleton<IVault>(vault));
        builder.Services.AddHostedService<FunctionTimers>();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, options.Port, listen => listen.Protocols = HttpProtocols.Http1));

        var app = builder.Build();
        await app.Services.GetRequiredService<ITableStore>().EnsureTablesAsync(TableNames.All, CancellationToken.None);
        var pipeline = app.Services.GetRequiredService<InnerPipeline>();
        app.Run(async http => await pipeline.RunAsync(http.Request));
        return await UpCommand.ServeAsync(app, options);
    }

    private static async Task<int> AuditAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddEnvironmentVariables();
        builder.Services.AddLavaOnAzure(builder.Configuration);
        using var host = builder.Build();
        return await AuditCommand.ReportAsync(host.Services);
    }
}
