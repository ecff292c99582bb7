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

    /// <summary>The same as an Anthropic answer.</summary>
    public static readonly byte[] Message = Encoding.UTF8.GetBytes(
        """{"id":"msg_bench","type":"message","role":"assistant","model":"claude-sonnet-4-6","content":[{"type":"text","text":"Hello! How can I help you today?"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":12,"output_tokens":9}}""");

    /// <summary>The same as an Anthropic stream of twenty pieces.</summary>
    public static readonly byte[] MessageStream = Encoding.UTF8.GetBytes(
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_bench\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-6\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":12,\"output_tokens\":1}}}\n\n"
        + "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
        + string.Concat(Enumerable.Repeat("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\" word\"}}\n\n", 20))
        + "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
        + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":20}}\n\n"
        + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");

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
        if (http.Request.Path == "/v1/messages")
        {
            var isStream = request.Contains("\"stream\":true", StringComparison.Ordinal);
            http.Response.ContentType = isStream ? "text/event-stream" : "application/json";
            await http.Response.Body.WriteAsync(isStream ? MessageStream : Message);
            return;
        }

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
