using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Lava.Service.Admin;
using Lava.Service.Auditing;
using Lava.Service.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Tests.Gateway;

/// <summary>The local head over a store that the test watches, and a provider of the test's own behind it: no two of its answers are alike, and it counts what it is asked.</summary>
internal sealed class CacheWorld : IAsyncDisposable
{
    public const string Chat = "/v1/forward?u=https://api.openai.com/v1/chat/completions";

    /// <summary>A call that costs at most $0.00077 and, by the provider's usage, $0.00075.</summary>
    public const string Call = """{"model":"gpt-4o-mini","max_tokens":1000,"messages":[{"role":"user","content":"What is the meaning of a wombat?"}]}""";

    /// <summary>What each of the provider's answers says.</summary>
    public const string Said = "A wombat means nothing by it";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lava-cache-");
    private WebApplication _app = null!;
    private WebApplication _provider = null!;
    private HttpClient _http = null!;
    private int _asked;

    public TestClock Clock { get; } = new();

    public AnswerTables Tables { get; private set; } = null!;

    public NewMerchant Merchant { get; private set; } = null!;

    public string Key => Merchant.TestKey;

    /// <summary>How often the provider was asked.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>The last body that it was sent.</summary>
    public string LastBody { get; private set; } = "";

    /// <summary>Answers in its place; null for its own answers.</summary>
    public Func<HttpContext, Task>? Answer { get; set; }

    public static async Task<CacheWorld> StartAsync()
    {
        var world = new CacheWorld();
        world._provider = await world.StartProviderAsync();
        var address = LocalApp.AddressOf(world._provider);
        world._app = await LocalApp.StartAsync(world._folder, world.Clock, store => world.Tables = new AnswerTables(store), builder =>
        {
            foreach (var provider in new[] { "openai", "anthropic" })
            {
                builder.Configuration["Lava:Upstreams:" + provider] = address.ToString();
                builder.Configuration["Lava:ProviderKeys:" + provider] = "sk-operator";
            }
        });
        world._http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = LocalApp.AddressOf(world._app), Timeout = TimeSpan.FromMinutes(1) };
        world.Merchant = await world.NewMerchantAsync();
        return world;
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public async Task<NewMerchant> NewMerchantAsync(decimal funds = 100, decimal credit = 0) => await Get<MerchantCreation>().CreateAsync("A merchant", funds, credit, CancellationToken.None);

    /// <summary>A token of a merchant with further members.</summary>
    public static string Token(string key, string members) => Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"secret_key":"{{key}}",{{members}}}"""));

    /// <summary>Asks with the cache, and waits until the answer is kept where it is to be.</summary>
    public async Task<CacheAnswer> AskAndKeepAsync(string key, string body = Call, string path = Chat, string ttl = "ttl=60")
    {
        var rows = Tables.Commits;
        var answer = await AskAsync(key, body, path, ttl);
        (answer.Status, answer.Cache).ShouldBe((200, "miss"), answer.Text);
        await Tables.CommittedAsync(rows + 1);
        return answer;
    }

    /// <summary>Asks with the cache; without it where <paramref name="ttl"/> is null.</summary>
    public async Task<CacheAnswer> AskAsync(string key, string body = Call, string path = Chat, string? ttl = "ttl=60", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        if (ttl is not null) request.Headers.TryAddWithoutValidation("x-lava-cache", ttl);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var bytes = new MemoryStream();
        try
        {
            await response.Content.CopyToAsync(bytes);
        }
        catch (HttpRequestException)
        {
            // Cut, as the test wanted it.
        }

        return new CacheAnswer((int)response.StatusCode, bytes.ToArray(), Header("x-lava-cache"), Header("age"), Header("x-lava-request-id")!, response);

        string? Header(string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;
    }

    /// <summary>Waits until a request is metered, and returns it as it is shown then.</summary>
    public async Task<JsonElement> MeteredAsync(CacheAnswer answer, string? key = null)
    {
        for (var tries = 0; ; tries++)
        {
            var shown = await ManageAsync(key ?? Key, HttpMethod.Get, "/v1/requests/" + answer.RequestId);
            if ((shown.TryGetProperty("status", out var status) && status.GetString() is "completed" or "error") || tries > 1_000) return shown;
            await Task.Delay(20);
        }
    }

    public async Task<JsonElement> ManageAsync(string key, HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(json ?? "", Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        using var response = await _http.SendAsync(request);
        return JsonElement.Parse(await response.Content.ReadAsByteArrayAsync());
    }

    public async Task<decimal> WalletAsync(string key) => decimal.Parse((await ManageAsync(key, HttpMethod.Get, "/v1/wallet")).GetProperty("balance").GetString()!, CultureInfo.InvariantCulture);

    public async Task AuditAsync() => (await Get<Audit>().RunAsync(CancellationToken.None)).Faults.ShouldBeEmpty();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        await _provider.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task<WebApplication> StartProviderAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async http =>
        {
            var number = Interlocked.Increment(ref _asked);
            LastBody = await new StreamReader(http.Request.Body).ReadToEndAsync();
            http.Request.Headers.ContainsKey("x-lava-cache").ShouldBeFalse();
            await (Answer?.Invoke(http) ?? AnswerAsync(http, LastBody, number));
        });
        await app.StartAsync();
        return app;
    }

    private static async Task AnswerAsync(HttpContext http, string body, int number)
    {
        var isStream = body.Contains("\"stream\":true", StringComparison.Ordinal);
        http.Response.ContentType = isStream ? "text/event-stream; charset=utf-8" : "application/json";
        http.Response.Headers["x-request-id"] = "req-" + number.ToString(CultureInfo.InvariantCulture);
        if (http.Request.Path.Value!.EndsWith("/embeddings", StringComparison.Ordinal))
        {
            await http.Response.WriteAsync($$$"""{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.{{{number}}}]}],"model":"text-embedding-3-small","usage":{"prompt_tokens":5,"total_tokens":5}}""");
            return;
        }

        if (http.Request.Path.Value!.EndsWith("/messages", StringComparison.Ordinal))
        {
            await http.Response.WriteAsync(
                $$$"""{"id":"msg_{{{number}}}","type":"message","role":"assistant","model":"claude-sonnet-4-6","content":[{"type":"text","text":"{{{Said}}} {{{number}}}"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":10,"output_tokens":4}}""");
            return;
        }

        if (!isStream)
        {
            await http.Response.WriteAsync(ChatAnswer(number, Said));
            return;
        }

        foreach (var word in Said.Split(' ').Append(number.ToString(CultureInfo.InvariantCulture)))
        {
            await http.Response.WriteAsync($$$"""data: {"id":"chatcmpl-{{{number}}}","object":"chat.completion.chunk","created":1,"model":"gpt-4o-mini","choices":[{"index":0,"delta":{"content":"{{{word}}}"},"finish_reason":null}]}""" + "\n\n");
            await http.Response.Body.FlushAsync();
        }

        await http.Response.WriteAsync("""data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n");
        if (body.Contains("\"include_usage\":true", StringComparison.Ordinal))
            await http.Response.WriteAsync("""data: {"choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":1000,"total_tokens":2000}}""" + "\n\n");
        await http.Response.WriteAsync("data: [DONE]\n\n");
    }

    /// <summary>A whole answer of a chat.</summary>
    public static string ChatAnswer(int number, string text) =>
        $$$"""{"id":"chatcmpl-{{{number}}}","object":"chat.completion","created":1,"model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":"{{{text}}} {{{number}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":1000,"total_tokens":2000}}""";
}
