using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Lava.Bench;

/// <summary>Measures how long a new instance takes to its first answer, published as for Azure (ahead of time), beside the same as it is built (just in time) and beside earlier
/// publications, in turn (docs/benchmarks.md).</summary>
internal static class Start
{
    public static async Task<int> RunAsync(string[] options)
    {
        var runs = Array.IndexOf(options, "--runs") is var at and >= 0 ? int.Parse(options[at + 1], CultureInfo.InvariantCulture) : 11;
        var root = Runner.Root();
        var folder = Directory.CreateTempSubdirectory("lava-start-");
        try
        {
            var published = Path.Combine(folder.FullName, "app");
            System.Console.WriteLine("Publishing …");
            var output = await Processes.OutputAsync(
                "dotnet", ["publish", Path.Combine(root, "src/Lava.Local"), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", "-p:PublishReadyToRun=true", "-o", published, "-v", "quiet", "--nologo"]);
            if (!File.Exists(Path.Combine(published, "Lava.Local.dll"))) throw new InvalidOperationException("The publication failed: " + output);

            List<(string Name, string App)> builds = [("ahead of time", published), ("just in time", Path.Combine(root, "src/Lava.Local/bin/Release/net10.0"))];
            builds.AddRange(options.Index().Where(option => option.Item == "--beside").Select(option => (Path.GetFileName(options[option.Index + 1].TrimEnd('/')), options[option.Index + 1])));
            await MeasureAsync(builds, Path.Combine(folder.FullName, "data"), runs);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task MeasureAsync(List<(string Name, string App)> builds, string data, int runs)
    {
        var taken = builds.ToDictionary(build => build.Name, _ => new List<(double Clock, double Processor)>());
        using var http = new HttpClient();

        // The first start makes the merchant, and is not counted; nor is the first of each build, which reads its files from the disk.
        await RunAsync(http, builds[0].App, data);
        for (var run = -1; run < runs; run++)
        {
            foreach (var (name, app) in builds)
            {
                var once = await RunAsync(http, app, data);
                if (run >= 0) taken[name].Add(once);
            }
        }

        var (clock, processor) = Median(taken[builds[0].Name]);
        System.Console.WriteLine($"\nFrom the start of the process to the answer of its first call of the gateway, medians of {runs} runs in turn\n");
        foreach (var (name, all) in taken)
        {
            var median = Median(all);
            System.Console.WriteLine($"  {name,-24} {median.Clock,7:N0} ms ({median.Clock / clock,5:N2})   {median.Processor,7:N0} ms of processor ({median.Processor / processor,5:N2})");
        }
    }

    private static (double Clock, double Processor) Median(List<(double Clock, double Processor)> all) =>
        (all.Select(run => run.Clock).Order().ElementAt(all.Count / 2), all.Select(run => run.Processor).Order().ElementAt(all.Count / 2));

    private static async Task<(double Clock, double Processor)> RunAsync(HttpClient http, string app, string data)
    {
        var port = Processes.FreePort();
        using var processes = new Processes();
        var start = Stopwatch.GetTimestamp();
        var process = processes.Start("dotnet", [Path.Combine(app, "Lava.Local.dll"), "up", "--port", $"{port}", "--data", data]);
        while (!await IsListeningAsync(port))
        {
            if (process.HasExited) throw new InvalidOperationException($"{app} ended.");
            await Task.Delay(2);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}/v1/forward?u=https://api.openai.com/v1/chat/completions")
        {
            Content = new StringContent("""{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello!"}]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + KeyOf(data));
        using var answer = await http.SendAsync(request);
        var clock = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        answer.EnsureSuccessStatusCode();
        process.Refresh();
        return (clock, process.TotalProcessorTime.TotalMilliseconds);
    }

    private static async Task<bool> IsListeningAsync(int port)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string KeyOf(string data)
    {
        using var credentials = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(data, "credentials.json")));
        return credentials.RootElement.GetProperty("secret_key").GetString()!;
    }
}
