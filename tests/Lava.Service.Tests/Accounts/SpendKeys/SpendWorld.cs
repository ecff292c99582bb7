using System.Globalization;
using System.Text;
using System.Text.Json;
using Lava.Core.Keys;
using Lava.Service.Admin;
using Lava.Service.Auditing;
using Lava.Service.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Accounts.SpendKeys;

/// <summary>Servers over one store, each with connections of its own as another process would have, and a clock that the test moves. The sandbox answers the calls.</summary>
internal sealed class SpendWorld : IAsyncDisposable
{
    public const string Chat = "/v1/forward?u=https://api.openai.com/v1/chat/completions";

    /// <summary>A call that costs at most $0.00077 and, with <see cref="Usage"/>, exactly <see cref="Cost"/>.</summary>
    public const string Call = """{"model":"gpt-4o-mini","max_tokens":1000,"messages":[{"role":"user","content":"hi"}]}""";

    public const string Usage = "input_tokens=1000; output_tokens=1000";

    public const decimal Cost = (1000 * 0.15m / 1_000_000) + (1000 * 0.6m / 1_000_000);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lava-spend-");
    private readonly List<WebApplication> _apps = [];
    private readonly List<HttpClient> _clients = [];

    public TestClock Clock { get; } = new();

    public NewMerchant Merchant { get; private set; } = null!;

    public Tenant Tenant => new(Merchant.Merchant.Id, Mode.Test);

    public static async Task<SpendWorld> StartAsync(int servers = 1)
    {
        var world = new SpendWorld();
        for (var i = 0; i < servers; i++)
        {
            var app = await LocalApp.StartAsync(world._folder, world.Clock);
            world._apps.Add(app);
            world._clients.Add(new HttpClient { BaseAddress = LocalApp.AddressOf(app), Timeout = TimeSpan.FromMinutes(2) });
        }

        world.Merchant = await world.NewMerchantAsync();
        return world;
    }

    public T Get<T>(int server = 0)
        where T : notnull => _apps[server].Services.GetRequiredService<T>();

    public async Task<NewMerchant> NewMerchantAsync(decimal funds = 100) => await Get<MerchantCreation>().CreateAsync("A merchant", funds, 0, CancellationToken.None);

    /// <summary>A key with further members: its id and its raw value.</summary>
    public async Task<(string Id, string Raw)> NewKeyAsync(string members = "")
    {
        var made = await SendAsync(Merchant.TestKey, "POST", SpendKeyHttp.Path, $$"""{"name":"Agent"{{(members.Length > 0 ? "," + members : "")}}}""");
        made.Status.ShouldBe(201, made.Body.ToString());
        return (made["spend_key_id"]!, made["key"]!);
    }

    public Task<Answer> ShowAsync(string id) => SendAsync(Merchant.TestKey, "GET", $"{SpendKeyHttp.Path}/{id}");

    public Task<Answer> EditAsync(string id, string json) => SendAsync(Merchant.TestKey, "PUT", $"{SpendKeyHttp.Path}/{id}", json);

    /// <summary>A chat through the gateway that uses <see cref="Usage"/>.</summary>
    public Task<Answer> CallAsync(string key, int server = 0, string sandbox = Usage) => SendAsync(key, "POST", Chat, Call, server, ("x-sandbox", sandbox));

    /// <summary>Calls at once, in turn on each server.</summary>
    public Task<Answer[]> CallAllAsync(string key, int count) => Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(() => CallAsync(key, i % _apps.Count))));

    /// <summary>Waits until all of a key's calls are metered, and returns the key as it is shown then.</summary>
    public async Task<Answer> MeteredAsync(string id, int requests)
    {
        var text = requests.ToString(CultureInfo.InvariantCulture);
        for (var tries = 0; ; tries++)
        {
            var shown = await ShowAsync(id);
            if (shown["total_requests"] == text || tries > 1_000) return shown;
            await Task.Delay(20);
        }
    }

    /// <summary>Waits until so many requests of a key are listed, and returns the list.</summary>
    public async Task<Answer> ListedAsync(string id, int requests)
    {
        for (var tries = 0; ; tries++)
        {
            var list = await SendAsync(Merchant.TestKey, "GET", $"/v1/requests?spend_key_id={id}");
            if (list.Body.GetProperty("data").GetArrayLength() >= requests || tries > 1_000) return list;
            await Task.Delay(20);
        }
    }

    public async Task AuditAsync()
    {
        var report = await Get<Audit>().RunAsync(CancellationToken.None);
        report.Faults.ShouldBeEmpty();
    }

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

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        foreach (var app in _apps) await app.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
