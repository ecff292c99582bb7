using Lava.Console;
using Lava.Service.Ports.Tables;

namespace Lava.Local.Commands;

/// <summary>Prints a link that opens the console, for a server that runs or is started later.</summary>
internal static class ConsoleCommand
{
    public static async Task<int> RunAsync(LocalOptions options)
    {
        try
        {
            using var host = await StoreHost.OpenAsync(options.Data);
            if (host is null) return 2;
            var address = new Uri(Credentials.Read(options.Data)?.BaseUrl ?? $"http://127.0.0.1:{options.Port}/");
            if (await ConsoleLink.CreateAsync(host.Services, address, CancellationToken.None) is not { } link)
            {
                await System.Console.Error.WriteLineAsync("There is no merchant yet. ./lava up makes the first one.");
                return 2;
            }

            System.Console.WriteLine(Text(link));
            return 0;
        }
        catch (TableStoreException fault)
        {
            await System.Console.Error.WriteLineAsync(fault.Message);
            return 1;
        }
    }

    /// <summary>What is said of a link.</summary>
    public static string Text(Uri link) => $"Open the console with this link. It works once, within 10 minutes:\n\n  {link}\n";
}
