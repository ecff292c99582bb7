using Lava.Console;
using Lava.Core.Keys;
using Lava.Local.Connections;
using Lava.Local.Demo;
using Lava.Local.Storage;
using Lava.Service.Admin;
using Lava.Service.Gateway.Calls;
using Lava.Service.Ports.Tables;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Lava.Local.Commands;

/// <summary>Serves until it is stopped.</summary>
internal static class UpCommand
{
    public static async Task<int> RunAsync(LocalOptions options)
    {
        WebApplication app;
        try
        {
            if (options.IsDemo && !await DemoData.MakeAsync(options, TimeProvider.System.GetUtcNow())) return 1;
            app = await LocalServer.BuildAsync(options.Data, options.Port, acceptsLoss: options.AcceptsLoss);
        }
        catch (Exception fault) when (fault is TableStoreException or DemoException)
        {
            await System.Console.Error.WriteLineAsync(fault.Message);
            return 1;
        }

        await using (app)
        {
            if (OpenFiles.Fault(OpenFiles.Limit(), OpenFiles.Open()) is { } tooFew)
            {
                await System.Console.Error.WriteLineAsync(tooFew);
                return 1;
            }

            if (app.Services.GetRequiredService<ITableStore>() is SqliteTableStore { LostLog: true })
                await app.Services.GetRequiredService<AdminLog>().AddAsync("store.log_lost", null, null, CancellationToken.None);
            return await ServeAsync(app, options);
        }
    }

    /// <summary>Serves an app whose tables exist.</summary>
    public static async Task<int> ServeAsync(WebApplication app, LocalOptions options)
    {
        // Before the server can be reached: whoever waits for it finds the credentials.
        var first = await LocalServer.FirstStartAsync(app.Services, CancellationToken.None);
        if (first is not null)
            new Credentials(first.Merchant.Id, first.Merchant.WalletId(Mode.Test), first.TestKey, $"http://127.0.0.1:{options.Port}/v1/").Write(options.Data);
        try
        {
            await app.StartAsync();
        }
        catch (IOException fault)
        {
            await System.Console.Error.WriteLineAsync($"Cannot use port {options.Port}: {fault.Message} Choose another port with --port.");
            return 1;
        }

        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        var baseUrl = new Uri(address, "/v1/").AbsoluteUri;
        if (Credentials.Read(options.Data) is { } credentials)
        {
            if (credentials.BaseUrl != baseUrl) (credentials with { BaseUrl = baseUrl }).Write(options.Data);
            var path = Path.Combine(options.Data, Credentials.FileName);
            if (first is not null) System.Console.WriteLine(Welcome(credentials with { BaseUrl = baseUrl }, path));
        }

        if (app.Services.GetRequiredService<IOptions<GatewayOptions>>().Value.ManagedTestCalls)
            System.Console.WriteLine("Test keys use this server's provider keys if it has any. Such calls cost real money. "
                + "Lava__Gateway__ManagedTestCalls=false keeps them in the sandbox.");
        if (await ConsoleLink.CreateAsync(app.Services, address, CancellationToken.None) is { } link)
            System.Console.WriteLine(ConsoleCommand.Text(link) + "\n./lava console prints another one.\n");
        System.Console.WriteLine($"Lava serves {baseUrl} from {options.Data}. Ctrl-C stops it.");
        await StopAsync(app);
        return 0;
    }

    /// <summary>Waits for the signal to stop, and stops.</summary>
    private static async Task StopAsync(WebApplication app)
    {
        using var signals = new StopSignals();
        var isStopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = app.Lifetime.ApplicationStopping.Register(isStopping.SetResult);
        await isStopping.Task;
        var seconds = app.Services.GetRequiredService<IOptions<LocalSettings>>().Value.DrainSeconds;
        System.Console.WriteLine($"Stopping. Waiting up to {seconds} seconds for calls in flight. Press Ctrl-C again to stop now.");
        try
        {
            await app.StopAsync(signals.Hurry);
        }
        catch (OperationCanceledException)
        {
            // The time was over: what was left has been cut, and everything else is stopped all the same.
        }
    }

    private static string Welcome(Credentials credentials, string path) => $$"""

        A first merchant is ready, in test mode. Its secret key is shown only once and is stored in {{path}}:

          {{credentials.SecretKey}}

        Make a first call, which the built-in sandbox provider answers:

          curl "{{credentials.BaseUrl}}forward?u=https://api.openai.com/v1/chat/completions" \
            -H "Authorization: Bearer {{credentials.SecretKey}}" -H "Content-Type: application/json" \
            -d '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello!"}]}'

        """;
}
