using Lava.Core.Keys;
using Lava.Service.Gateway;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Lava.Local.Commands;

/// <summary>Serves until it is stopped.</summary>
internal static class UpCommand
{
    public static async Task<int> RunAsync(LocalOptions options)
    {
        await using var app = await LocalServer.BuildAsync(options.Data, options.Port);
        return await ServeAsync(app, options);
    }

    /// <summary>Serves an app whose tables exist.</summary>
    public static async Task<int> ServeAsync(WebApplication app, LocalOptions options)
    {
        // Before the server can be reached: whoever waits for it finds the credentials.
        var first = await LocalServer.FirstStartAsync(app.Services, CancellationToken.None);
        if (first is not null) new Credentials(first.Merchant.Id, first.Merchant.WalletId(Mode.Test), first.TestKey, $"http://127.0.0.1:{options.Port}/v1/").Write(options.Data);
        try
        {
            await app.StartAsync();
        }
        catch (IOException fault)
        {
            await Console.Error.WriteLineAsync($"Cannot serve on port {options.Port}: {fault.Message} Choose another with --port.");
            return 1;
        }

        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        var baseUrl = new Uri(address, "/v1/").AbsoluteUri;
        if (Credentials.Read(options.Data) is { } credentials)
        {
            if (credentials.BaseUrl != baseUrl) (credentials with { BaseUrl = baseUrl }).Write(options.Data);
            if (first is not null) Console.WriteLine(Welcome(credentials with { BaseUrl = baseUrl }, Path.Combine(options.Data, Credentials.FileName)));
        }

        if (app.Services.GetRequiredService<IOptions<GatewayOptions>>().Value.ManagedTestCalls)
            Console.WriteLine("Test keys use the provider keys of this server where it has any: such calls cost real money. Lava__Gateway__ManagedTestCalls=false keeps them in the sandbox.");
        Console.WriteLine($"Lava serves {baseUrl} from {options.Data}. Ctrl-C stops it.");
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static string Welcome(Credentials credentials, string path) => $$"""

        A first merchant is ready, in test mode. Its secret key is shown once, here, and kept in {{path}}:

          {{credentials.SecretKey}}

        A first call, answered by the built-in sandbox provider:

          curl "{{credentials.BaseUrl}}forward?u=https://api.openai.com/v1/chat/completions" \
            -H "Authorization: Bearer {{credentials.SecretKey}}" -H "Content-Type: application/json" \
            -d '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello!"}]}'

        """;
}
