using System.Globalization;
using System.Text;
using System.Text.Json;
using Lava.Local.Storage;
using Lava.Service.Admin;
using Lava.Service.Auditing;
using Lava.Service.Ports.Vault;
using Lava.Service.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Tests.Accounts.ProviderKeys;

/// <summary>Two servers over one store and one vault, a stand-in for OpenAI and Anthropic, an operator's key for OpenAI alone, and a clock that the test moves.</summary>
public sealed class StoredKeyWorld : IAsyncLifetime
{
    public const string Route = "/v1/provider_keys";

    /// <summary>The operator's key.</summary>
    public const string Managed = "sk-the-operators-own-key";

    public const string First = "sk-first-key-of-the-merchant";

    public const string Second = "sk-second-key-of-the-merchant";

    public const string Chat = "/v1/forward?u=https://api.openai.com/v1/chat/completions";

    public const string Messages = "/v1/forward?u=https://api.anthropic.com/v1/messages";

    /// <summary>What a call costs that the stand-in answers: a thousand tokens in and out.</summary>
    public const decimal Cost = (1000 * 0.15m / 1_000_000) + (1000 * 0.6m / 1_000_000);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lava-stored-");
    private readonly List<WebApplication> _apps = [];
    private readonly List<HttpClient> _clients = [];
    private readonly HeardLog _log = new();
    private FakeProvider _provider = null!;

    public TestClock Clock { get; } = new();

    public WatchedVault Vault { get; } = new();

    /// <summary>The first server's tables.</summary>
    public WatchedTables Tables { get; private set; } = null!;

    public IReadOnlyCollection<string> Log => _log.Lines;

    internal FakeProvider Provider => _provider;

    public async Task InitializeAsync()
    {
        _provider = await FakeProvider.StartAsync();
        for (var i = 0; i < 2; i++)
        {
            var app = await LocalApp.StartAsync(_folder, Clock, Watch, builder =>
            {
                builder.Configuration["Lava:Upstreams:openai"] = _provider.Address;
                builder.Configuration["Lava:Upstreams:anthropic"] = _provider.Address;
                builder.Configuration["Lava:ProviderKeys:openai"] = Managed;
                builder.Logging.ClearProviders().AddProvider(_log).SetMinimumLevel(LogLevel.Trace);
                builder.Services.Replace(ServiceDescriptor.Singleton<IVault>(Vault));
            });
            _apps.Add(app);
            _clients.Add(new HttpClient { BaseAddress = LocalApp.AddressOf(app) });
        }

        WatchedTables Watch(SqliteTableStore store)
        {
            var tables = new WatchedTables(store);
            Tables ??= tables;
            return tables;
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        foreach (var app in _apps) await app.DisposeAsync();
        await _provider.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public T Get<T>(int server = 0)
        where T : notnull => _apps[server].Services.GetRequiredService<T>();

    public async Task<NewMerchant> NewMerchantAsync() => await Get<MerchantCreation>().CreateAsync("A merchant", 100, 0, CancellationToken.None);

    public Task<Answer> SetAsync(string key, string provider, params string[] keys) =>
        SendAsync(key, "PUT", $"{Route}/{provider}", $$"""{"keys":[{{string.Join(',', keys.Select(text => $"\"{text}\""))}}]}""");

    /// <summary>A chat, and the keys that the provider has seen of it.</summary>
    public async Task<(Answer Answer, IReadOnlyList<string> Keys)> CallAsync(string key, int server = 0, string path = Chat, string model = "gpt-4o-mini", params (string Name, string Value)[] headers)
    {
        _provider.TakeKeys();
        var answer = await SendAsync(key, "POST", path, $$"""{"model":"{{model}}","max_tokens":1000,"messages":[{"role":"user","content":"hi"}]}""", server, headers);
        return (answer, _provider.TakeKeys());
    }

    /// <summary>The request of a call, when it is recorded.</summary>
    public async Task<Answer> RecordedAsync(string key, Answer call)
    {
        for (var tries = 0; ; tries++)
        {
            var shown = await SendAsync(key, "GET", "/v1/requests/" + call.Header("x-lava-request-id"));
            if ((shown.Status == 200 && shown["status"] != "pending") || tries > 1_000) return shown;
            await Task.Delay(20);
        }
    }

    public async Task<decimal> BalanceAsync(string key) => decimal.Parse((await SendAsync(key, "GET", "/v1/wallet"))["balance"]!, CultureInfo.InvariantCulture);

    public async Task AuditAsync() => (await Get<Audit>().RunAsync(CancellationToken.None)).Faults.ShouldBeEmpty();

    public async Task<Answer> SendAsync(string key, string method, string path, string? json = null, int server = 0, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new ByteArrayContent(json is null ? [] : Encoding.UTF8.GetBytes(json)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        if (key.Length > 0) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        var response = await _clients[server].SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return new Answer((int)response.StatusCode, bytes.Length == 0 ? default : JsonElement.Parse(bytes), response);
    }
}
