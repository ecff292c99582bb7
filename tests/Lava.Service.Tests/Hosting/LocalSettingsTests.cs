using System.Net;
using System.Net.Sockets;
using System.Text;
using Lava.Local;
using Lava.Local.Connections;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Lava.Service.Tests.Hosting;

public sealed class LocalSettingsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lava-settings-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_settings_file_is_not_watched_and_the_drain_time_is_a_setting()
    {
        await using var app = await LocalServer.BuildAsync(_folder.FullName, 0, builder => builder.Configuration["Lava:Local:DrainSeconds"] = "77");
        ((IConfigurationRoot)app.Configuration).Providers.OfType<JsonConfigurationProvider>().ShouldAllBe(provider => !provider.Source.ReloadOnChange);
        app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout.ShouldBe(TimeSpan.FromSeconds(77));
        app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ServicesStopConcurrently.ShouldBeFalse("leases are given back after the last call");
    }

    [Fact]
    public async Task A_connection_beyond_the_limit_is_answered_with_503_and_closed_and_one_that_ends_makes_room()
    {
        await using var app = await LocalApp.StartAsync(_folder, new TestClock(), configure: builder => builder.Configuration["Lava:Local:MaxConnections"] = "2");
        var address = LocalApp.AddressOf(app);
        var first = await ConnectAsync(address);
        using var second = await ConnectAsync(address);
        (await AskAsync(first)).ShouldStartWith("HTTP/1.1 401");
        (await AskAsync(second)).ShouldStartWith("HTTP/1.1 401");

        using var third = await ConnectAsync(address);
        var refused = await AskAsync(third);
        refused.ShouldStartWith("HTTP/1.1 503");
        refused.ShouldContain("Connection: close");
        refused.ShouldContain("too_many_connections");
        refused.ShouldContain("Retry-After: 1");

        first.Dispose();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            using var next = await ConnectAsync(address);
            if ((await AskAsync(next)).StartsWith("HTTP/1.1 401", StringComparison.Ordinal)) break;
            await Task.Delay(20, limit.Token);
        }
    }

    [Theory]
    [InlineData(1024, 200, 278, 140)]
    [InlineData(4096, 200, 1506, 756)]
    [InlineData(1048576, 200, 20000, 2000)]
    [InlineData(null, 200, 20000, 2000)]
    [InlineData(256, 220, 8, 8)]
    public void Connections_and_those_to_providers_and_those_that_are_refused_fit_below_the_limit_of_open_files(int? limit, int open, int served, int spare)
    {
        OpenFiles.Connections(limit, open).ShouldBe((served, spare));
        if (limit > 1000) ((2 * served) + spare + open).ShouldBeLessThan(limit.Value - 100);
    }

    [Theory]
    [InlineData(256, 220, false)]
    [InlineData(371, 220, false)]
    [InlineData(372, 220, true)]
    [InlineData(null, 220, true)]
    public void A_server_that_could_open_too_few_files_does_not_start(int? limit, int open, bool starts)
    {
        var fault = OpenFiles.Fault(limit, open);
        if (starts) fault.ShouldBeNull();
        else fault.ShouldBe($"This process may open {limit} files and has 220 open already. Lava needs 372. Raise the limit, for example with ulimit -n 4096.");
    }

    private static async Task<Socket> ConnectAsync(Uri address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, address.Port);
        return socket;
    }

    private static async Task<string> AskAsync(Socket socket)
    {
        await socket.SendAsync("GET /v1/wallet HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        var buffer = new byte[4096];
        var text = new StringBuilder();
        while (!text.ToString().Contains("}}", StringComparison.Ordinal) && await socket.ReceiveAsync(buffer) is > 0 and var count) text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        return text.ToString();
    }
}
