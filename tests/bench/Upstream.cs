using System.Globalization;
using System.Text;

namespace Lava.Bench;

/// <summary>A mock of OpenAI's chat completions that costs as little as possible: one prepared answer, or a prepared stream of twenty events, with a pause between them where asked.</summary>
internal static class Upstream
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        """{"id":"chatcmpl-bench","object":"chat.completion","created":1795000000,"model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":"Hello! How can I help you today?"},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":9,"total_tokens":21,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}}""");

    private static readonly byte[] Event = Encoding.UTF8.GetBytes(
        "data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1795000000,\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word\"},\"finish_reason\":null}]}\n\n");

    private static readonly byte[] End = Encoding.UTF8.GetBytes(
        "data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1795000000,\"model\":\"gpt-4o-mini\",\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":20,\"total_tokens\":32}}\n\ndata: [DONE]\n\n");

    public static async Task<int> RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        app.Run(AnswerAsync);
        await app.RunAsync();
        return 0;
    }

    private static async Task AnswerAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var request = Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length);
        if (!request.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = Body.Length;
            await http.Response.Body.WriteAsync(Body);
            return;
        }

        var at = request.IndexOf("pause=", StringComparison.Ordinal);
        var pause = at < 0 ? 0 : int.Parse(request.AsSpan(at + 6, 4), NumberStyles.None, CultureInfo.InvariantCulture);
        http.Response.ContentType = "text/event-stream";
        for (var i = 0; i < 20; i++)
        {
            await http.Response.Body.WriteAsync(Event);
            await http.Response.Body.FlushAsync();
            if (pause > 0) await Task.Delay(pause);
        }

        await http.Response.Body.WriteAsync(End);
    }
}
