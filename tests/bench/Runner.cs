using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Lava.Bench;

/// <summary>Measures the gateway beside what it is to be compared with, in one run on one machine, and prints ratios (docs/benchmarks.md).</summary>
internal static class Runner
{
    public static async Task<int> RunAsync(string[] options)
    {
        var seconds = Array.IndexOf(options, "--seconds") is var at and >= 0 ? int.Parse(options[at + 1], CultureInfo.InvariantCulture) : 10;
        using var processes = new Processes();
        var folder = Directory.CreateTempSubdirectory("lava-bench-");
        try
        {
            return await MeasureAsync(processes, folder.FullName, seconds, options.Contains("--peers"));
        }
        finally
        {
            processes.Dispose();
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> MeasureAsync(Processes processes, string folder, int seconds, bool hasPeers)
    {
        var root = Root();
        var bench = Environment.ProcessPath!;
        string[] self = bench.EndsWith("dotnet", StringComparison.Ordinal) ? [typeof(Runner).Assembly.Location] : [];
        var (upstreamPort, passPort, nginxPort, lavaPort, peerPort) = (Processes.FreePort(), Processes.FreePort(), Processes.FreePort(), Processes.FreePort(), Processes.FreePort());
        var upstream = $"http://127.0.0.1:{upstreamPort}";
        processes.Start(bench, [.. self, "upstream", $"{upstreamPort}"]);
        processes.Start(bench, [.. self, "passthrough", $"{passPort}", upstream]);
        var none = new Dictionary<string, string>();
        var targets = new List<Target> { new("upstream, directly", upstream + "/v1/chat/completions", none), new("pass-through", $"http://127.0.0.1:{passPort}/v1/chat/completions", none) };
        if (await StartNginxAsync(processes, folder, nginxPort, upstreamPort)) targets.Add(new Target("nginx", $"http://127.0.0.1:{nginxPort}/v1/chat/completions", none));
        if (hasPeers) targets.Add(StartPeer(processes, root, peerPort, upstream));

        var data = Path.Combine(folder, "data");
        var app = Path.Combine(root, "src/Lava.Local/bin/Release/net10.0/Lava.Local.dll");
        var lava = processes.Start("dotnet", [app, "up", "--port", $"{lavaPort}", "--data", data], new Dictionary<string, string>
        {
            ["Lava__Upstreams__openai"] = upstream, ["Lava__ProviderKeys__openai"] = "sk-bench",
        });
        var (key, token) = await PrepareAsync(data, lavaPort);
        var forward = $"http://127.0.0.1:{lavaPort}/v1/forward?u=https://api.openai.com/v1/chat/completions";
        var merchantPays = new Target("Lava, merchant pays", forward, new Dictionary<string, string> { ["Authorization"] = "Bearer " + key });
        var customerPays = new Target("Lava, customer pays", forward, new Dictionary<string, string> { ["Authorization"] = "Bearer " + token });
        var spendKey = new Target("Lava, spend key", forward, new Dictionary<string, string> { ["x-api-key"] = await MakeSpendKeyAsync(key, lavaPort) });
        targets.AddRange([merchantPays, customerPays, spendKey]);
        foreach (var target in targets) await WaitAsync(target);

        System.Console.WriteLine($"\nFull speed, 64 connections, {seconds} s, after a warm-up; two rounds in turn, the better one counts\n");
        foreach (var target in targets) await Load.FullAsync(target, 4);
        var rates = targets.ToDictionary(target => target.Name, _ => 0d);
        var memory = new List<double>();
        for (var round = 0; round < 2; round++)
        {
            foreach (var target in targets)
            {
                var (rate, errors) = await Load.FullAsync(target, seconds);
                rates[target.Name] = Math.Max(rates[target.Name], rate);
                if (errors > 0) System.Console.WriteLine($"  {target.Name}: {errors} answers were no success");
                if (target.Name.StartsWith("Lava", StringComparison.Ordinal)) memory.Add(Processes.Memory(lava));
            }
        }

        foreach (var (name, rate) in rates) System.Console.WriteLine($"  {name,-22} {rate,9:N0} /s   {rate / rates["pass-through"],6:P0} of the pass-through");
        System.Console.WriteLine($"  Lava's memory after each of its rounds: {string.Join(", ", memory.Select(value => $"{value:N0}"))} MiB");
        var drained = await DrainAsync(key, lavaPort);
        System.Console.WriteLine($"  Records metered when the load ended: all but {drained.Behind:N0}; caught up {drained.Seconds:N1} s later, {drained.Total:N0} in all");

        System.Console.WriteLine("\nLight load, 100 calls a second for 10 s, milliseconds\n");
        foreach (var isStream in new[] { false, true })
        {
            var floor = Array.Empty<double>();
            foreach (var target in targets.Where(target => target.Name != "nginx"))
            {
                double[] latencies;
                try
                {
                    latencies = await Load.LightAsync(target, isStream, 100, 10);
                }
                catch (HttpRequestException fault)
                {
                    System.Console.WriteLine($"  {(isStream ? "first byte of a stream" : "whole answer"),-22} {target.Name,-22} failed ({fault.StatusCode})");
                    continue;
                }

                if (target.Name == "pass-through") floor = latencies;
                var added = floor.Length == 0 ? "" : $"   added {At(latencies, 0.5) - At(floor, 0.5),6:N2} / {At(latencies, 0.99) - At(floor, 0.99),6:N2}";
                System.Console.WriteLine($"  {(isStream ? "first byte of a stream" : "whole answer"),-22} {target.Name,-22} p50 {At(latencies, 0.5),6:N2}   p99 {At(latencies, 0.99),6:N2}{added}");
            }
        }

        var before = Processes.Memory(lava);
        await Load.OpenAsync(merchantPays, 500, () =>
        {
            var open = Processes.Memory(lava);
            System.Console.WriteLine($"\n500 streams open: {open:N0} MiB, {open - before:N0} MiB more than before");
            return Task.CompletedTask;
        });
        await DrainAsync(key, lavaPort);
        System.Console.WriteLine("\nAudit: " + (await Processes.OutputAsync("dotnet", [app, "audit", "--data", data])).Trim());
        return 0;
    }

    private static double At(double[] sorted, double share) => sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)];

    public static async Task<(string Key, string Token)> PrepareAsync(string data, int port)
    {
        await WaitAsync(port);
        var credentials = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(data, "credentials.json"))).RootElement;
        var key = credentials.GetProperty("secret_key").GetString()!;
        using var client = new HttpClient { BaseAddress = new Uri(credentials.GetProperty("base_url").GetString()!) };
        client.DefaultRequestHeaders.Add("Authorization", "Bearer " + key);
        await client.PatchAsJsonAsync("plans/" + (await client.GetFromJsonAsync<JsonElement>("plans")).GetProperty("data")[0].GetProperty("plan_id").GetString(), new Dictionary<string, string> { ["included_credit"] = "10000" });
        var meter = await client.PostAsJsonAsync("meters", new Dictionary<string, object>
        {
            ["name"] = "bench", ["meter_slug"] = "bench", ["rate_type"] = "fixed", ["tier_type"] = "tokens_1m", ["tiers"] = new[] { new Dictionary<string, string> { ["start"] = "0", ["rate"] = "2" } },
        });
        meter.EnsureSuccessStatusCode();
        (await client.PostAsJsonAsync("customers", new Dictionary<string, string> { ["reference_id"] = "bench" })).EnsureSuccessStatusCode();
        return (key, Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"secret_key":"{{key}}","customer_id":"bench","meter_slug":"bench"}""")));
    }

    /// <summary>A key with a limit of each kind, none of which is reached.</summary>
    private static async Task<string> MakeSpendKeyAsync(string key, int port)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/v1/") };
        client.DefaultRequestHeaders.Add("Authorization", "Bearer " + key);
        using var made = await client.PostAsJsonAsync("spend_keys", new Dictionary<string, object>
        {
            ["name"] = "bench", ["spend_limit"] = new Dictionary<string, string> { ["amount"] = "1000000", ["cycle"] = "monthly" },
            ["request_limit"] = new Dictionary<string, object> { ["count"] = 9_999_999, ["cycle"] = "daily" }, ["rate_limit"] = new Dictionary<string, int> { ["rpm"] = 9_999_999 },
        });
        made.EnsureSuccessStatusCode();
        return (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString()!;
    }

    private static async Task<(long Total, long Behind, double Seconds)> DrainAsync(string key, int port)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/v1/") };
        client.DefaultRequestHeaders.Add("Authorization", "Bearer " + key);
        var start = Stopwatch.GetTimestamp();
        var first = await CountAsync();
        for (var last = first; ;)
        {
            await Task.Delay(300);
            var now = await CountAsync();
            if (now == last) return (now, now - first, Stopwatch.GetElapsedTime(start).TotalSeconds - 0.3);
            last = now;
        }

        async Task<long> CountAsync() => (await client.GetFromJsonAsync<JsonElement>("usage?start=" + DateTime.UtcNow.AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))
            .GetProperty("totals").GetProperty("total_requests").GetInt64();
    }

    private static async Task<bool> StartNginxAsync(Processes processes, string folder, int port, int upstream)
    {
        if (!File.Exists("/usr/sbin/nginx")) return false;
        var config = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(config, $$"""
            worker_processes 2;
            pid {{folder}}/nginx.pid;
            error_log {{folder}}/nginx.log;
            daemon off;
            events { worker_connections 2048; }
            http {
              access_log off;
              client_body_temp_path {{folder}}/body; proxy_temp_path {{folder}}/proxy; fastcgi_temp_path {{folder}}/f; uwsgi_temp_path {{folder}}/u; scgi_temp_path {{folder}}/s;
              upstream mock { server 127.0.0.1:{{upstream}}; keepalive 128; }
              server { listen 127.0.0.1:{{port}}; location / { proxy_pass http://mock; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; } }
            }
            """);
        processes.Start("/usr/sbin/nginx", ["-c", config]);
        return true;
    }

    private static Target StartPeer(Processes processes, string root, int port, string upstream)
    {
        processes.Start("node", [Path.Combine(root, "tests/bench/peers/node_modules/@portkey-ai/gateway/build/start-server.js"), "--headless", $"--port={port}"], new Dictionary<string, string> { ["TRUSTED_CUSTOM_HOSTS"] = "127.0.0.1,localhost" });
        return new Target("Portkey", $"http://127.0.0.1:{port}/v1/chat/completions", new Dictionary<string, string>
        {
            ["x-portkey-provider"] = "openai", ["Authorization"] = "Bearer sk-bench", ["x-portkey-custom-host"] = upstream + "/v1",
        });
    }

    private static async Task WaitAsync(int port)
    {
        using var client = new HttpClient();
        for (var i = 0; ; i++)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/v1/models"));
                return;
            }
            catch (HttpRequestException) when (i < 300)
            {
                await Task.Delay(100);
            }
        }
    }

    private static async Task WaitAsync(Target target)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                await Load.FullAsync(target, 1);
                await Load.LightAsync(target, false, 10, 1);
                return;
            }
            catch (HttpRequestException) when (i < 20)
            {
                await Task.Delay(500);
            }
        }
    }

    /// <summary>The repository's folder.</summary>
    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Lava.Functions.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("This is not in the repository.");
        return folder.FullName;
    }
}
