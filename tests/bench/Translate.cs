using System.Buffers;
using System.Globalization;
using System.Text;
using Lava.Core.Catalogue;
using Lava.Core.Translation;

namespace Lava.Bench;

/// <summary>Measures what translation costs: calls of an OpenAI client to an Anthropic upstream beside calls that pass there as they are, in one run, and what a translation allocates.</summary>
internal static class Translate
{
    private const string Native = """{"model":"claude-sonnet-4-6","max_tokens":20,"messages":[{"role":"user","content":"Hello there, how are you?"}]}""";
    private const string Foreign = """{"model":"claude-sonnet-4-6","max_tokens":20,"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello there, how are you?"}]}""";

    public static async Task<int> RunAsync(string[] options)
    {
        var seconds = Array.IndexOf(options, "--seconds") is var at and >= 0 ? int.Parse(options[at + 1], CultureInfo.InvariantCulture) : 10;
        Allocations();
        using var processes = new Processes();
        var folder = Directory.CreateTempSubdirectory("lava-bench-");
        try
        {
            var bench = Environment.ProcessPath!;
            string[] self = bench.EndsWith("dotnet", StringComparison.Ordinal) ? [typeof(Translate).Assembly.Location] : [];
            var (upstreamPort, lavaPort) = (Processes.FreePort(), Processes.FreePort());
            processes.Start(bench, [.. self, "upstream", $"{upstreamPort}"]);
            var data = Path.Combine(folder.FullName, "data");
            var app = Path.Combine(Runner.Root(), "src/Lava.Local/bin/Release/net10.0/Lava.Local.dll");
            processes.Start("dotnet", [app, "up", "--port", $"{lavaPort}", "--data", data], new Dictionary<string, string>
            {
                ["Lava__Upstreams__anthropic"] = $"http://127.0.0.1:{upstreamPort}", ["Lava__ProviderKeys__anthropic"] = "sk-bench",
            });
            var (key, _) = await Runner.PrepareAsync(data, lavaPort);
            var headers = new Dictionary<string, string> { ["Authorization"] = "Bearer " + key };
            var forward = $"http://127.0.0.1:{lavaPort}/v1/forward?u=https://api.anthropic.com/v1/messages";
            var rewrite = $"http://127.0.0.1:{lavaPort}/v1/rewrite/openai/api.anthropic.com/v1/messages";
            foreach (var (name, stream) in new[] { ("whole answers", ""), ("streams of twenty pieces", ",\"stream\":true") })
            {
                var passed = new Target("as they are", forward, headers, Native.Replace("20,", "20" + stream + ",", StringComparison.Ordinal));
                var translated = new Target("translated", rewrite, headers, Foreign.Replace("20,", "20" + stream + ",", StringComparison.Ordinal));
                foreach (var target in new[] { passed, translated }) await Load.FullAsync(target, 4);
                var (best, bestTranslated) = (0d, 0d);
                for (var round = 0; round < 2; round++)
                {
                    var (plain, errors) = await Load.FullAsync(passed, seconds);
                    var (other, otherErrors) = await Load.FullAsync(translated, seconds);
                    (best, bestTranslated) = (Math.Max(best, plain), Math.Max(bestTranslated, other));
                    if (errors + otherErrors > 0) System.Console.WriteLine($"  {errors} and {otherErrors} answers were no success");
                }

                System.Console.WriteLine($"  {name,-26} passed {best,8:N0} /s   translated {bestTranslated,8:N0} /s   {bestTranslated / best,5:P0}");
            }

            return 0;
        }
        finally
        {
            processes.Dispose();
            folder.Delete(recursive: true);
        }
    }

    private static void Allocations()
    {
        var translator = Translator.For(WireFormat.OpenAiChat, WireFormat.Anthropic)!;
        ReadOnlyMemory<byte> body = Encoding.UTF8.GetBytes(Foreign);
        var output = new ArrayBufferWriter<byte>(64 * 1024);
        var options = new TranslationOptions { AnswerId = "bench", CreatedAt = DateTimeOffset.UnixEpoch };
        System.Console.WriteLine("A translation allocates, bytes:\n");
        Show("request", () => translator.TryTranslate(body, options, out _, out _));
        translator.TryTranslate(body, options, out var request, out _);
        Show("whole answer", () =>
        {
            output.ResetWrittenCount();
            request!.TryTranslateAnswer(Upstream.Message, output, out _);
        });
        Show("stream of twenty pieces", () =>
        {
            output.ResetWrittenCount();
            using var stream = request!.OpenStream();
            stream.Push(Upstream.MessageStream, output);
            stream.Complete(output);
        });
        System.Console.WriteLine();

        static void Show(string name, Action act)
        {
            for (var i = 0; i < 2_000; i++) act();
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1_000; i++) act();
            System.Console.WriteLine($"  {name,-26} {(GC.GetAllocatedBytesForCurrentThread() - before) / 1_000,7:N0}");
        }
    }
}
