using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace Lava.Azurite.Tests;

/// <summary>The storage emulator, one for this process, on a free port over a folder that goes when it goes.</summary>
internal static class Emulator
{
    // Public: Microsoft Learn, "Use the Azurite emulator", well-known storage account and key.
    private const string Account = "AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;";

    private static readonly Lazy<Task<string>> Started = new(StartAsync);

    /// <summary>The connection string of the emulator's account, when it listens.</summary>
    public static Task<string> ConnectionAsync() => Started.Value;

    /// <summary>The same account behind another port.</summary>
    public static string ConnectionTo(int port) => $"{Account}TableEndpoint=http://127.0.0.1:{port}/devstoreaccount1";

    private static async Task<string> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("lava-azurite-");
        var script = typeof(Emulator).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "AzuriteScript").Value!;
        var port = FreePort();
        string[] arguments = [script, "--tableHost", "127.0.0.1", "--tablePort", $"{port}", "--location", folder.FullName, "--silent", "--disableTelemetry", "--skipApiVersionCheck"];
        var process = Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true }) ?? throw new InvalidOperationException("node did not start.");
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            process.Kill();
            process.WaitForExit();
            folder.Delete(recursive: true);
        };

        // It says when it listens.
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("successfully", StringComparison.Ordinal)) break;
        }

        process.HasExited.ShouldBeFalse();
        _ = process.StandardOutput.ReadToEndAsync();
        return ConnectionTo(port);
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
