using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Lava.Bench;

/// <summary>Loads a target: at full speed with wrk, or at a fixed light rate from here.</summary>
internal static partial class Load
{
    public const string Body = """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello there, how are you?"}],"max_tokens":20}""";

    /// <summary>Requests a second at full speed with 64 connections, and answers that were no success.</summary>
    public static async Task<(double Rate, long Errors)> FullAsync(Target target, int seconds)
    {
        var script = Path.GetTempFileName();
        var headers = string.Join('\n', target.Headers.Select(header => $"wrk.headers[\"{header.Key}\"] = \"{header.Value}\""));
        await File.WriteAllTextAsync(script, $"wrk.method = \"POST\"\nwrk.headers[\"Content-Type\"] = \"application/json\"\nwrk.body = '{target.Body ?? Body}'\n{headers}\n");
        var output = await Processes.OutputAsync("wrk", ["-t2", "-c64", $"-d{seconds}s", "-s", script, target.Url]);
        File.Delete(script);
        var rate = RatePattern().Match(output);
        var errors = ErrorPattern().Match(output);
        return (rate.Success ? double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture) : 0, errors.Success ? long.Parse(errors.Groups[1].Value, CultureInfo.InvariantCulture) : 0);
    }

    /// <summary>Latencies in milliseconds of calls sent at a fixed rate, each when it is due, whatever became of the ones before. For a stream: until its first bytes.</summary>
    public static async Task<double[]> LightAsync(Target target, bool isStream, int perSecond, int seconds)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2) });
        var body = isStream ? Body.Replace("\"max_tokens\"", "\"stream\":true,\"max_tokens\"", StringComparison.Ordinal) : Body;
        for (var i = 0; i < 200; i++) await CallAsync(client, target, body, isStream);
        var calls = new List<Task<double>>();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < perSecond * seconds; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / perSecond) - Stopwatch.GetElapsedTime(start);
            if (due > TimeSpan.Zero) await Task.Delay(due);
            calls.Add(CallAsync(client, target, body, isStream));
        }

        var latencies = await Task.WhenAll(calls);
        Array.Sort(latencies);
        return latencies;
    }

    /// <summary>Opens streams that pause between events, all at once, and runs <paramref name="during"/> while they are open.</summary>
    public static async Task OpenAsync(Target target, int count, Func<Task> during)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var body = Body.Replace("\"max_tokens\"", "\"stream\":true,\"max_tokens\"", StringComparison.Ordinal).Replace("how are you?", "pause=0400", StringComparison.Ordinal);
        var streams = Enumerable.Range(0, count).Select(_ => CallAsync(client, target, body, isStream: false)).ToArray();
        await Task.Delay(TimeSpan.FromSeconds(4));
        await during();
        await Task.WhenAll(streams);
    }

    private static async Task<double> CallAsync(HttpClient client, Target target, string body, bool isStream)
    {
        var start = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in target.Headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[4_096];
        await stream.ReadExactlyAsync(buffer.AsMemory(0, 1));
        var first = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        while (await stream.ReadAsync(buffer) > 0)
        {
        }

        return isStream ? first : Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex RatePattern();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)")]
    private static partial Regex ErrorPattern();
}
