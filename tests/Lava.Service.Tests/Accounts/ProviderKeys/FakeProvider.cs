using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Tests.Accounts.ProviderKeys;

/// <summary>Stands for the providers' servers: answers as OpenAI or Anthropic does and notes the key of each call.</summary>
internal sealed class FakeProvider : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeProvider(WebApplication app) => _app = app;

    /// <summary>The keys of the calls, in order.</summary>
    public ConcurrentQueue<string> Keys { get; } = new();

    /// <summary>The status with which a key is answered; 200 unless it is here.</summary>
    public ConcurrentDictionary<string, int> Refused { get; } = new(StringComparer.Ordinal);

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<FakeProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var provider = new FakeProvider(builder.Build());
        provider._app.Run(provider.AnswerAsync);
        await provider._app.StartAsync();
        return provider;
    }

    /// <summary>The keys of the calls since this was asked last.</summary>
    public IReadOnlyList<string> TakeKeys()
    {
        var keys = new List<string>();
        while (Keys.TryDequeue(out var key)) keys.Add(key);
        return keys;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var key = http.Request.Headers["x-api-key"] is [{ } given] ? given : http.Request.Headers.Authorization.ToString()["Bearer ".Length..];
        Keys.Enqueue(key);
        var status = Refused.GetValueOrDefault(key, 200);
        http.Response.StatusCode = status;
        if (status == 429) http.Response.Headers.RetryAfter = "30";
        http.Response.ContentType = "application/json";
        var body = status != 200 ? """{"error":{"message":"The provider refuses this key.","type":"refused","code":"from_the_provider"}}"""
            : http.Request.Path.Value!.EndsWith("/messages", StringComparison.Ordinal)
            ? """{"id":"m","type":"message","role":"assistant","model":"claude-haiku-4-5","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn","usage":{"input_tokens":1000,"output_tokens":1000}}"""
            : """{"id":"c","object":"chat.completion","created":1,"model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":1000,"total_tokens":2000}}""";
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
    }
}
