using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace Lava.Functions.Tests.Azurite;

/// <summary>A storage emulator of its own on a free port, with a folder that goes when it goes.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lava-azurite-");
    private Process? _process;

    /// <summary>The emulator's account, which is public (Microsoft Learn, "Use the Azurite emulator").</summary>
    public string Connection { get; private set; } = "";

    public async Task InitializeAsync()
    {
        var script = typeof(AzuriteFixture).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "AzuriteScript").Value!;
        var port = FreePort();
        Connection = "AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
            + $"TableEndpoint=http://127.0.0.1:{port}/devstoreaccount1";
        string[] arguments = [script, "--tableHost", "127.0.0.1", "--tablePort", $"{port}", "--location", _folder.FullName, "--silent", "--disableTelemetry", "--skipApiVersionCheck"];
        _process = Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true }) ?? throw new InvalidOperationException("node did not start.");

        // It says when it listens.
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("successfully", StringComparison.Ordinal)) break;
        }

        _process.HasExited.ShouldBeFalse();
        _ = _process.StandardOutput.ReadToEndAsync();
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
