using System.Globalization;
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

/// <summary>The local head with the operator's keys at several providers, in whose place a provider stands that answers what the test wants and keeps what it was sent.</summary>
public sealed class OddProviderWorld : IAsyncLifetime
{
    public const string Chat = "/v1/forward?u=https://api.openai.com/v1/chat/completions";

    public const string Gemini = "/v1/forward?u=https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent";

    public const string AdminSecret = "an-admin-secret-of-forty-characters-here";

    private static readonly string[] Providers = ["openai", "anthropic", "google", "deepinfra", "elevenlabs", "openrouter", "mistral", "groq", "cohere", "voyage", "jina", "deepseek", "moonshot", "vertex"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lava-odd-");
    private WebApplication _app = null!;
    private WebApplication _provider = null!;
    private HttpClient _http = null!;

    public TestClock Clock { get; } = new();

    /// <summary>What the provider answers.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = static http => http.Response.WriteAsync("{}");

    /// <summary>How often the provider was asked.</summary>
    public int Asked { get; private set; }

    /// <summary>The last request that it was sent: address, headers, body.</summary>
    public (string Target, Dictionary<string, string> Headers, string Body) Seen { get; private set; }

    /// <summary>Settings beside those of every test; set before the world starts.</summary>
    internal Dictionary<string, string?> Settings { get; } = [];

    /// <summary>Services beside those of every test; set before the world starts.</summary>
    internal Action<IServiceCollection>? Configure { get; set; }

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _provider = builder.Build();
        _provider.Run(async http =>
        {
            Asked++;
            Seen = (http.Request.Path + http.Request.QueryString, http.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()), await new StreamReader(http.Request.Body).ReadToEndAsync());
            await Answer(http);
        });
        await _provider.StartAsync();
        _app = await LocalApp.StartAsync(_folder, Clock, null, configured =>
        {
            foreach (var provider in Providers)
            {
                configured.Configuration["Lava:Upstreams:" + provider] = LocalApp.AddressOf(_provider).ToString();
                configured.Configuration["Lava:ProviderKeys:" + provider] = "sk-of-the-operator";
            }

            configured.Configuration["Lava:AdminSecret"] = AdminSecret;
            foreach (var (name, value) in Settings) configured.Configuration[name] = value;
            Configure?.Invoke(configured.Services);
        });
        _http = new HttpClient { BaseAddress = LocalApp.AddressOf(_app), Timeout = TimeSpan.FromMinutes(2) };
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        await _provider.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public Uri Address => LocalApp.AddressOf(_app);

    public async Task<NewMerchant> NewMerchantAsync(decimal funds = 100) => await Get<MerchantCreation>().CreateAsync("A merchant", funds, 0, CancellationToken.None);

    /// <summary>Has the provider answer so.</summary>
    public void AnswerWith(string body, string? type = "application/json", int status = 200) => Answer = http =>
    {
        http.Response.StatusCode = status;
        if (type is not null) http.Response.ContentType = type;
        return http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body)).AsTask();
    };

    public Task<(int Status, string Text, string? RequestId, HttpResponseMessage Response)> CallAsync(string key, string path, string body, params (string Name, string Value)[] headers) =>
        CallAsync(key, path, new StringContent(body, Encoding.UTF8, "application/json"), headers);

    public async Task<(int Status, string Text, string? RequestId, HttpResponseMessage Response)> CallAsync(string key, string path, HttpContent? body, (string Name, string Value)[] headers, string method = "POST")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body };
        if (key.Length > 0) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        var response = await _http.SendAsync(request);
        var id = response.Headers.TryGetValues("x-lava-request-id", out var values) ? values.First() : null;
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(), id, response);
    }

    /// <summary>Waits until a request is metered, and returns it as it is shown then.</summary>
    public async Task<JsonElement> MeteredAsync(string key, string? requestId)
    {
        for (var tries = 0; ; tries++)
        {
            var (status, text, _, _) = await CallAsync(key, "/v1/requests/" + requestId, null, [], "GET");
            if (status == 200 && JsonElement.Parse(text) is var shown && (shown.GetProperty("status").GetString() != "pending" || tries > 1_000)) return shown;
            (tries > 1_000).ShouldBeFalse($"The request {requestId} was never metered.");
            await Task.Delay(20);
        }
    }

    /// <summary>A call, and its request when it is metered.</summary>
    public async Task<JsonElement> RequestOfAsync(string key, string path, string body, params (string Name, string Value)[] headers)
    {
        var (status, text, id, _) = await CallAsync(key, path, body, headers);
        status.ShouldBe(200, text);
        return await MeteredAsync(key, id);
    }

    public static decimal CostOf(JsonElement request) => decimal.Parse(request.GetProperty("cost").GetString()!, CultureInfo.InvariantCulture);

    public static string? FlagOf(JsonElement request) => request.TryGetProperty("usage_flag", out var flag) ? flag.GetString() : null;

    public async Task<decimal> BalanceAsync(string key) =>
        decimal.Parse(JsonElement.Parse((await CallAsync(key, "/v1/wallet", null, [], "GET")).Text).GetProperty("balance").GetString()!, CultureInfo.InvariantCulture);

    public async Task AuditAsync() => (await Get<Audit>().RunAsync(CancellationToken.None)).Faults.ShouldBeEmpty();
}
